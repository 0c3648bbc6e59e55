import { type AgentInfo, GESTURES_PER_SECOND, type LeaveReason, RESTARTS_PER_MINUTE } from '@alongside/protocol'
import type { AssetTicket } from '../assets/asset-tickets.ts'
import { type Clock, Deadline } from '../clock.ts'
import { A_MINUTE_MS } from '../quota.ts'
import { Rate } from '../rate.ts'
import type { Connection } from '../socket/connection.ts'
import { type AgentEvent, type AgentState, nextAgentState } from './agent-state.ts'
import type { ResumeSecret } from './resume-secret.ts'
import type { AgentRecord } from './session-record.ts'

/** One agent of a session, from the right PIN until it is gone. */
export class Agent {
  readonly info: AgentInfo
  readonly secret: ResumeSecret
  /** Undefined from a restart of the server until the agent is back. */
  connection: Connection | undefined
  readonly #gestures: Rate
  readonly #restarts: Rate
  /** With what it gets the session's pictures. */
  #ticket: AssetTicket | undefined
  #state: AgentState
  readonly #deadline: Deadline

  constructor(
    info: AgentInfo,
    secret: ResumeSecret,
    state: AgentState,
    connection: Connection | undefined,
    clock: Clock,
    onOverdue: () => void,
  ) {
    this.info = info
    this.secret = secret
    this.connection = connection
    this.#gestures = new Rate(clock, GESTURES_PER_SECOND, 1_000)
    this.#restarts = new Rate(clock, RESTARTS_PER_MINUTE, A_MINUTE_MS)
    this.#state = state
    this.#deadline = new Deadline(clock, onOverdue)
    this.#setDeadline()
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

  /** What the agent itself is told of it. */
  get watchOnly(): { watchOnly?: true } {
    return this.info.watchOnly ? { watchOnly: true } : {}
  }

  /** Why the agent is gone. */
  get leaveReason(): LeaveReason | undefined {
    return this.#state.name === 'gone' ? this.#state.reason : undefined
  }

  /** Takes one from what this agent may draw and do in a second. False when nothing is left. */
  mayGesture(): boolean {
    return this.#gestures.spend()
  }

  /** Takes one from the snapshots that this agent may ask for. False when nothing is left. */
  mayRestart(): boolean {
    return this.#restarts.spend()
  }

  /** Replaces the ticket; the agent must be told. It is void as soon as the agent is not live. */
  give(ticket: AssetTicket): void {
    this.#ticket?.revoke()
    this.#ticket = ticket
  }

  move(event: AgentEvent): void {
    this.#state = nextAgentState(this.#state, event)
    if (this.#state.name !== 'live') this.#ticket?.revoke()
    this.#setDeadline()
  }

  /** What a restart needs. Undefined for one that is gone. */
  get record(): AgentRecord | undefined {
    return this.#state.name === 'gone' ? undefined : { ...this.info, state: this.#state, resume: this.secret.record }
  }

  close(): void {
    this.#ticket?.revoke()
    this.#deadline.set(undefined)
  }

  #setDeadline(): void {
    this.#deadline.set('until' in this.#state ? this.#state.until : undefined)
  }
}
