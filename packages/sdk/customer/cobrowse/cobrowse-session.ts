import { AlongsideError } from '@alongside/protocol'
import type { SessionError } from '../../connection/answer.ts'
import { createEvents } from '../../connection/events.ts'
import type { SessionEvents } from '../session-events.ts'
import type { CustomerSession, DeviceStart } from '../session-face.ts'
import { CAPABILITIES } from './cobrowse-settings.ts'

export type CobrowseState = 'pending' | 'authorizing' | 'active' | 'ended'

/** Events after which a session may look different. */
const CHANGES: (keyof SessionEvents)[] = [
  'pincode_updated',
  'agent_requested',
  'agent_joined',
  'agent_left',
  'session_reconnecting',
  'session_paused',
  'session_resumed',
]

interface CobrowseSessionEvents {
  loaded: CobrowseSession
  updated: CobrowseSession
  ended: CobrowseSession
}

/** The customer's session under the names of Cobrowse.io. */
export class CobrowseSession {
  readonly on: <Name extends keyof CobrowseSessionEvents>(
    event: Name,
    listener: (session: CobrowseSession) => void,
  ) => () => void
  readonly off: <Name extends keyof CobrowseSessionEvents>(
    event: Name,
    listener: (session: CobrowseSession) => void,
  ) => void
  readonly #session: CustomerSession
  readonly #capabilities: readonly string[]
  /** Every code that has led here. */
  readonly #codes = new Set<string>()
  /** The answer that the page gives by `activate` or `end` instead of a promise. */
  #answer: ((granted: boolean) => void) | undefined

  constructor(session: CustomerSession, capabilities: readonly string[] = CAPABILITIES) {
    this.#session = session
    this.#capabilities = capabilities
    const events = createEvents<CobrowseSessionEvents>()
    this.on = events.on
    this.off = events.off
    session.on('pincode_updated', ({ pinCode }) => this.#codes.add(pinCode))
    session.on('session_started', () => events.emit('loaded', this))
    for (const change of CHANGES) session.on(change, () => events.emit('updated', this))
    session.on('session_ended', () => {
      events.emit('updated', this)
      events.emit('ended', this)
    })
  }

  id(): string {
    return this.#session.getSessionInfo().sessionId
  }

  /** The code to show; empty when none waits for an agent. */
  code(): string {
    return this.#session.getSessionInfo().pinCode
  }

  state(): CobrowseState {
    const { sessionStatus, agents, asking } = this.#session.getSessionInfo()
    if (sessionStatus === 'ended') return 'ended'
    if (agents.length > 0) return 'active'
    return asking.length > 0 ? 'authorizing' : 'pending'
  }

  isPending(): boolean {
    return this.state() === 'pending'
  }

  isAuthorizing(): boolean {
    return this.state() === 'authorizing'
  }

  isActive(): boolean {
    return this.state() === 'active'
  }

  isEnded(): boolean {
    return this.state() === 'ended'
  }

  /** The agent who sees the page or asks to, by its verified name. */
  agent(): { id: string; name: string } | null {
    const { agents, asking } = this.#session.getSessionInfo()
    const agent = agents[0] ?? asking[0]
    return agent ? { id: agent.userId, name: agent.userName } : null
  }

  capabilities(): readonly string[] {
    return this.#capabilities
  }

  /** When the code ends, or null. */
  expires(): Date | null {
    const { pinExpiresAt } = this.#session.getSessionInfo()
    return pinExpiresAt === undefined ? null : new Date(pinExpiresAt)
  }

  /** Lets the agent in about whom `confirmSession` was called. */
  async activate(): Promise<CobrowseSession> {
    if (!this.#answer && !this.isActive())
      throw new AlongsideError(1011, 'No agent asks to see the page. Call activate from confirmSession.')
    this.#answer?.(true)
    return this
  }

  /** Ends the session for everybody; from `confirmSession` it is a no. May be called twice. */
  async end(): Promise<CobrowseSession> {
    this.#answer?.(false)
    await this.#session.end()
    return this
  }

  /** Whether this is the session of that id, or of a code that led to it. */
  isCalled(idOrCode: string): boolean {
    return idOrCode !== '' && (this.id() === idOrCode || this.#codes.has(idOrCode))
  }

  /** Asks the page's own hook: a promise of true, or a call of `activate`, is a yes. */
  async confirm(hook: (session: CobrowseSession) => unknown): Promise<boolean> {
    const called = new Promise<boolean>((resolve) => {
      this.#answer = resolve
    })
    try {
      const answered = await Promise.race([hook(this), called])
      // A hook without an answer of its own calls `activate` or `end` later.
      return answered === undefined ? await called : answered === true
    } finally {
      this.#answer = undefined
    }
  }

  /** Starts it without a token, or takes up the one that the page before had. Rejects with the server's error. */
  async begin(start: DeviceStart | 'take_up'): Promise<void> {
    const { success, error } = await (start === 'take_up' ? this.#session.join() : this.#session.start(start))
    if (!success) throw revive(error)
  }

  /** Whether the page before had a session that this one can take up. */
  isRecoverable(): boolean {
    return this.#session.getSessionInfo().sessionStatus === 'session_recoverable'
  }

  /** The code that the start has brought, or will bring in a moment. */
  firstCode(): Promise<string> {
    const present = this.code()
    if (present) return Promise.resolve(present)
    return new Promise((resolve, reject) => {
      this.on('updated', () => this.code() && resolve(this.code()))
      this.on('ended', () => reject(new AlongsideError(1011)))
    })
  }

  /** A code for an agent; the one before it is void. */
  async renewCode(): Promise<string> {
    const answer = await this.#session.newPin()
    if (!answer.success) throw revive(answer.error)
    return answer.pinCode
  }
}

/** The error that an answer tells of: this script's own table holds few of the codes. */
function revive({ code, name, errorMsg }: SessionError): AlongsideError {
  return Object.assign(new AlongsideError(9999, errorMsg), { code, name })
}
