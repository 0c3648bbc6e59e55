import type { AgentInfo, LeaveReason, ParticipantId } from '@alongside/protocol'
import { type AgentEvent, type AgentState, nextAgentState } from './agent-state.ts'
import { type Clock, Deadline } from './clock.ts'
import type { Connection } from './connection.ts'
import { ResumeSecret } from './resume-secret.ts'
import type { Claims } from './token.ts'

/** One agent of a session, from the right PIN until it is gone. */
export class Agent {
  readonly info: AgentInfo
  readonly secret = new ResumeSecret()
  connection: Connection
  #state: AgentState
  readonly #deadline: Deadline

  constructor(
    participant: ParticipantId,
    claims: Claims,
    connection: Connection,
    until: number,
    clock: Clock,
    onOverdue: () => void,
  ) {
    this.info = { participant, userId: claims.userId, userName: claims.userName }
    this.connection = connection
    this.#state = { name: 'asked', until }
    this.#deadline = new Deadline(clock, onOverdue)
    this.#deadline.set(until)
  }

  get state(): AgentState {
    return this.#state
  }

  /** Whether the customer let this agent in: the gate of every frame. */
  get granted(): boolean {
    return this.standing === 'live'
  }

  /** What this agent is, or will be again when its line is back. */
  get standing(): 'asked' | 'live' | 'gone' {
    return this.#state.name === 'lost' ? this.#state.was.name : this.#state.name
  }

  /** Why the agent is gone. */
  get leaveReason(): LeaveReason | undefined {
    return this.#state.name === 'gone' ? this.#state.reason : undefined
  }

  move(event: AgentEvent): void {
    this.#state = nextAgentState(this.#state, event)
    this.#deadline.set('until' in this.#state ? this.#state.until : undefined)
  }

  close(): void {
    this.#deadline.set(undefined)
  }
}
