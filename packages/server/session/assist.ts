import type {
  AgentMessage,
  AssistGrant,
  AssistRejectReason,
  ParticipantId,
  ToAgent,
  ToCustomer,
} from '@alongside/protocol'
import type { Clock } from '../clock.ts'
import { Quota } from '../quota.ts'
import { type AssistEvent, type AssistNews, type AssistState, nextAssistState } from './assist-state.ts'

/** How often one agent may put the question on the customer's screen. */
const REQUESTS = 10
const REQUESTS_MS = 60_000

interface AssistSides {
  clock: Clock
  /** Whether the session's key allows remote assist. */
  allowed: boolean
  toCustomer(message: ToCustomer): void
  toAgent(participant: ParticipantId, message: ToAgent): void
  toAgents(message: ToAgent): void
  /** Whether that agent may be given the hand: it is in, its line is up, and it does not only watch. */
  mayHave(participant: ParticipantId): boolean
  /** Tells the journal. */
  note(news: AssistNews): void
}

type Request = Extract<AgentMessage, { type: 'assist_request' | 'assist_release' | 'assist_pass' }>

/** Remote assist in one session: one agent at a time has the hand. It is kept nowhere else, so it ends with the server. */
export class Assist {
  readonly #sides: AssistSides
  readonly #requests: Quota
  #state: AssistState = { name: 'free' }

  constructor(sides: AssistSides) {
    this.#sides = sides
    this.#requests = new Quota(sides.clock, REQUESTS, REQUESTS_MS)
  }

  /** Who acts on the page now. */
  get grant(): AssistGrant | undefined {
    return 'grant' in this.#state ? this.#state.grant : undefined
  }

  fromAgent(by: ParticipantId, message: Request): void {
    const { allowed, mayHave } = this.#sides
    if (message.type === 'assist_release') return this.take({ name: 'released', by })
    const to = message.type === 'assist_pass' ? message.participant : by
    // Before all else: what comes too often is in no journal, or one agent could fill the disk.
    if (this.#requests.spend(`${by}`) !== undefined)
      return this.#sides.toAgent(by, { type: 'assist_rejected', participant: to, reason: 'too_often' })
    if (!allowed || !mayHave(by)) return this.#reject(by, to, 'off')
    if (!mayHave(to)) return this.#reject(by, to, 'unavailable')
    this.take(
      message.type === 'assist_pass'
        ? { name: 'passed', by, to }
        : { name: 'requested', by, types: [...new Set(message.types)] },
    )
  }

  take(event: AssistEvent): void {
    const { state, news } = nextAssistState(this.#state, event)
    this.#state = state
    for (const one of news) this.#tell(one)
  }

  /** The customer is on another line: a question that was put to the page before is put again. */
  askAgain(): void {
    if ('asked' in this.#state) this.#sides.toCustomer({ type: 'assist_requested', ...this.#state.asked })
  }

  #reject(to: ParticipantId, participant: ParticipantId, reason: AssistRejectReason): void {
    this.#tell({ tell: 'reject', to, participant, reason })
  }

  #tell(news: AssistNews): void {
    const { toCustomer, toAgent, toAgents, note } = this.#sides
    switch (news.tell) {
      case 'ask':
        toCustomer({ type: 'assist_requested', ...news.grant })
        break
      case 'withdraw':
        toCustomer({ type: 'assist_withdrawn', participant: news.participant })
        break
      case 'start':
        toCustomer({ type: 'assist_started', ...news.grant })
        toAgents({ type: 'assist_started', ...news.grant })
        break
      case 'stop': {
        const { participant, reason } = news
        toCustomer({ type: 'assist_stopped', participant, reason })
        toAgents({ type: 'assist_stopped', participant, reason })
        break
      }
      case 'reject': {
        const { to, participant, reason } = news
        toAgent(to, { type: 'assist_rejected', participant, reason })
      }
    }
    note(news)
  }
}
