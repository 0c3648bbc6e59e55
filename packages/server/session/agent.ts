import type { AgentInfo, LeaveReason, ParticipantId } from '@alongside/protocol'
import type { AssetTicket } from '../assets/asset-tickets.ts'
import { type Clock, Deadline } from '../clock.ts'
import type { Connection } from '../socket/connection.ts'
import type { Claims } from '../token.ts'
import { type AgentEvent, type AgentState, nextAgentState } from './agent-state.ts'
import { ResumeSecret } from './resume-secret.ts'

/** One agent of a session, from the right PIN until it is gone. */
export class Agent {
  readonly info: AgentInfo
  readonly secret = new ResumeSecret()
  connection: Connection
  /** With what it gets the session's pictures. */
  #ticket: AssetTicket | undefined
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

  /** Replaces the ticket; the agent must be told. It is void as soon as the agent is not live. */
  give(ticket: AssetTicket): void {
    this.#ticket?.revoke()
    this.#ticket = ticket
  }

  move(event: AgentEvent): void {
    this.#state = nextAgentState(this.#state, event)
    if (this.#state.name !== 'live') this.#ticket?.revoke()
    this.#deadline.set('until' in this.#state ? this.#state.until : undefined)
  }

  close(): void {
    this.#ticket?.revoke()
    this.#deadline.set(undefined)
  }
}
