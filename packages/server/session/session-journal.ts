import { CUSTOMER_ID, type EndReason, type LeaveReason } from '@alongside/protocol'
import type { Logger } from 'pino'
import type { Person, SessionName } from '../history/fact.ts'
import type { History } from '../history/history.ts'
import type { Metrics } from '../metrics.ts'
import type { Connection } from '../socket/connection.ts'
import type { Claims } from '../token.ts'
import type { Agent } from './agent.ts'
import type { AssistNews } from './assist-state.ts'

/** What the audit calls it when an agent goes whom the customer has not let in. */
const NOT_LET_IN: Record<LeaveReason, string> = {
  left: 'agent.withdrew',
  declined: 'agent.declined',
  no_answer: 'agent.not_answered',
  connection_lost: 'agent.lost',
  too_slow: 'agent.lost',
}

/** What log and audit call the steps of remote assist. */
const ASSIST_STEPS: Record<AssistNews['tell'], string> = {
  ask: 'requested',
  withdraw: 'withdrawn',
  start: 'started',
  stop: 'stopped',
  reject: 'rejected',
}

interface Readers {
  log: Logger
  history: History
  metrics: Metrics
}

/** Tells the log, the history and the metrics of one session's steps. */
export class SessionJournal {
  /** For steps that only an operator cares for. */
  readonly log: Logger
  readonly #history: History
  readonly #metrics: Metrics
  readonly #name: SessionName

  constructor({ log, history, metrics }: Readers, name: SessionName) {
    this.log = log.child({ sessionId: name.sessionId })
    this.#history = history
    this.#metrics = metrics
    this.#name = name
  }

  started({ userId, userName }: Claims, connection: Connection | undefined): void {
    const { address = '', origin } = connection ?? {}
    const connectionId = this.#connectionId(CUSTOMER_ID)
    const customer: Person = { connectionId, userId, userName, role: 'customer', address }
    this.log.info({ event: 'session started', sdkKey: this.#name.sdkKey })
    this.#metrics.sessionsStarted.inc()
    this.#history.tell({ type: 'started', ...this.#name, customer, ...(origin === undefined ? {} : { origin }) })
  }

  pinShown(pin: string): void {
    this.#history.tell({ type: 'pin_shown', ...this.#name, pin })
  }

  agentAsked(agent: Agent): void {
    this.log.info({ event: 'agent asked', participant: agent.info.participant })
    this.#audit('agent.asked', agent)
  }

  agentJoined(agent: Agent): void {
    this.log.info({ event: 'agent joined', participant: agent.info.participant })
    this.#history.tell({ type: 'joined', ...this.#name, person: this.#person(agent) })
  }

  /** `wasIn`: the customer had let it in. */
  agentLeft(agent: Agent, reason: LeaveReason, wasIn: boolean): void {
    this.log.info({ event: 'agent left', participant: agent.info.participant, reason })
    if (wasIn) this.#history.tell({ type: 'left', ...this.#name, person: this.#person(agent), reason })
    else this.#audit(NOT_LET_IN[reason], agent)
  }

  agentTooSlow({ info }: Agent): void {
    this.log.warn({ event: 'agent too slow', participant: info.participant })
    this.#metrics.agentsTooSlow.inc()
  }

  /** What became of remote assist. `find` knows the agents that are in. */
  assist(news: AssistNews, find: (participant: number) => Agent | undefined): void {
    const participant = 'grant' in news ? news.grant.participant : news.participant
    const reason = 'reason' in news ? { reason: news.reason } : {}
    const types = 'grant' in news ? { types: news.grant.types.join(',') } : {}
    this.log.info({ event: `assist ${ASSIST_STEPS[news.tell]}`, participant, ...types, ...reason })
    const agent = find(participant)
    if (agent) this.#audit(`assist.${ASSIST_STEPS[news.tell]}`, agent, { ...types, ...reason })
  }

  ended(reason: EndReason): void {
    this.log.info({ event: 'session ended', reason })
    this.#metrics.sessionsEnded.inc({ reason })
    this.#history.tell({ type: 'ended', ...this.#name, reason })
  }

  #audit(action: string, agent: Agent, details: Record<string, string> = {}): void {
    this.#history.tell({ type: 'audit', ...this.#name, action, person: this.#person(agent), details })
  }

  #person({ info, connection }: Agent): Person {
    const { participant, userId, userName } = info
    const address = connection?.address ?? ''
    return { connectionId: this.#connectionId(participant), userId, userName, role: 'agent', address }
  }

  #connectionId(participant: number): string {
    return `${this.#name.sessionId}-${participant}`
  }
}
