import {
  ACTION_LIFETIME_MS,
  type Action,
  type ActionPlace,
  type ActionResult,
  type AgentMessage,
  AlongsideError,
  ASSIST_TYPES,
  type AssistRejectReason,
  type AssistType,
  type ParticipantId,
  type ResultFrame,
} from '@alongside/protocol'
import { type Answer, answer, type Callback } from '../connection/answer.ts'
import type { AgentEvents } from './agent-events.ts'
import type { AssistMessage } from './agent-state.ts'
import { AssistInput } from './assist-input.ts'
import type { Toolbox } from './toolbox.ts'

/** `free`: nobody acts on the page. `asking`: the customer is being asked about us. `active`: we act. `other`: another
 *  agent does. */
export type AssistState = 'free' | 'asking' | 'active' | 'other'

/** What came of a request. */
export interface AssistAnswer {
  granted: boolean
  /** The kinds that the customer allowed. */
  types: AssistType[]
  /** Why not, when it was not granted. */
  reason?: AssistRejectReason
}

/** What an action needs of the session. */
export interface AssistLine {
  /** Our own number. Undefined before the customer was asked about us. */
  readonly participant: ParticipantId | undefined
  readonly live: boolean
  send(message: AgentMessage): void
  /** False when the line is down. */
  sendAction(payload: Uint8Array): boolean
  now(): number
  emit<Name extends keyof AgentEvents>(event: Name, payload: Omit<AgentEvents[Name], 'sessionId'>): void
}

type Settle = (result: AssistAnswer) => void

/** Actions that may be without an answer: some seconds of moving the pointer. A page that never answers fills no memory. */
const MAX_OPEN = 1_000

/** Remote assist, as `session.remoteAssist`. Actions are answered by the page; without a grant they are `denied`. */
export class RemoteAssist {
  readonly #line: AssistLine
  #state: AssistState = 'free'
  #types: AssistType[] = []
  #holder: ParticipantId | undefined
  #asking: Settle[] = []
  /** What the page said last: which page it is, its clock, and when we heard it. */
  #page: number | undefined
  #clock = { theirs: 0, ours: 0 }
  #nextId = 1
  readonly #open = new Map<number, (result: ActionResult) => void>()
  readonly #input: AssistInput | undefined
  #isAside = false

  constructor(line: AssistLine, toolbox: Toolbox | undefined) {
    this.#line = line
    this.#input = toolbox && new AssistInput(this, toolbox)
  }

  get state(): AssistState {
    return this.#state
  }

  /** The kinds that we may use now. */
  get types(): readonly AssistType[] {
    return this.#types
  }

  /** The number of the agent who acts on the page, us included. */
  get holder(): ParticipantId | undefined {
    return this.#holder
  }

  /** While true, which it is at first, mouse and keyboard over the copy act on the customer's page as soon as we have the
   *  hand. Set it to false while the agent points or draws. */
  get input(): boolean {
    return !this.#isAside
  }

  set input(isOn: boolean) {
    this.#isAside = !isOn
    this.#show()
  }

  /** Whether the page takes our actions of that kind now. */
  can(type: AssistType): boolean {
    return this.#page !== undefined && this.#types.includes(type)
  }

  /** Asks the customer for the hand; resolves with their answer. The page gives at most what its settings allow. */
  request(
    types: readonly AssistType[] = ASSIST_TYPES,
    callback?: Callback<Answer<AssistAnswer>>,
  ): Promise<Answer<AssistAnswer>> {
    return answer(() => {
      if (!this.#line.live) throw new AlongsideError(1011, 'There is no session. Join one first.')
      const wanted = ASSIST_TYPES.filter((type) => types.includes(type))
      if (!wanted.length)
        throw new AlongsideError(1103, `types: expected some of ${ASSIST_TYPES.join(', ')}.`, { setting: 'types' })
      return new Promise<AssistAnswer>((resolve) => {
        this.#asking.push(resolve)
        if (this.#state === 'free') this.#state = 'asking'
        this.#line.send({ type: 'assist_request', types: wanted })
      })
    }, callback)
  }

  /** Gives the hand back, or takes a request back. */
  stop(callback?: Callback<Answer>): Promise<Answer> {
    return answer(async () => {
      this.#line.send({ type: 'assist_release' })
      if (this.#state === 'asking') this.#state = 'free'
      this.#settle({ granted: false, types: [], reason: 'unavailable' })
      return {}
    }, callback)
  }

  /** Offers the hand to another agent of the session. The customer is asked; until they agree it stays with us. A no is
   *  told by `remote_assist_rejected`. */
  pass(participant: ParticipantId, callback?: Callback<Answer>): Promise<Answer> {
    return answer(async () => {
      if (this.#state !== 'active') throw new AlongsideError(1011, 'You do not have the hand. Request it first.')
      this.#line.send({ type: 'assist_pass', participant })
      return {}
    }, callback)
  }

  /** Turns the wheel over a place, in CSS pixels of the customer's page. */
  scroll(at: ActionPlace, dx: number, dy: number): Promise<ActionResult> {
    return this.act({ do: 'wheel', at, dx, dy })
  }

  /** Scrolls a box, or the page when `node` is its root element, to a position. */
  scrollTo(node: number, left: number, top: number): Promise<ActionResult> {
    return this.act({ do: 'scroll_to', node, left, top })
  }

  click(at: ActionPlace, { button = 0, count = 1, keys = 0 } = {}): Promise<ActionResult> {
    return this.act({ do: 'click', at, button, count, keys })
  }

  hover(at: ActionPlace): Promise<ActionResult> {
    return this.act({ do: 'move', at, keys: 0 })
  }

  drag(from: ActionPlace, to: ActionPlace): Promise<ActionResult> {
    return this.act({ do: 'drag', from, to })
  }

  /** Types where the focus is, or into a field, key by key. */
  async type(text: string, node?: number): Promise<ActionResult> {
    if (node !== undefined) {
      const focused = await this.act({ do: 'focus', node })
      if (focused !== 'done') return focused
    }
    for (const key of text.replace(/\r\n?/g, '\n')) {
      const result = await (key === '\n' ? this.press('Enter') : this.press(key))
      if (result !== 'done') return result
    }
    return 'done'
  }

  /** One key, as `KeyboardEvent.key` names it. */
  press(key: string, keys = 0, code = ''): Promise<ActionResult> {
    return this.act({ do: 'key', key, code, keys })
  }

  /** Puts text in at once, as pasting does. */
  insert(text: string): Promise<ActionResult> {
    return this.act({ do: 'text', text, composed: false })
  }

  /** Sets a native control: a list, a date, a colour, a slider, a box (`on` or `off`). */
  select(node: number, values: string | string[]): Promise<ActionResult> {
    return this.act({ do: 'choose', node, values: typeof values === 'string' ? [values] : values })
  }

  /** Back, forward, reload, or to an address of the customer's site. */
  navigate(to: string): Promise<ActionResult> {
    if (to === 'back' || to === 'forward' || to === 'reload') return this.act({ do: 'go', to })
    return this.act({ do: 'open', url: to })
  }

  /** One action as it is sent. Resolves with what became of it; `denied` also when no answer can come any more. */
  act(action: Action): Promise<ActionResult> {
    const { theirs, ours } = this.#clock
    const page = this.#page
    if (this.#state !== 'active' || page === undefined) return this.#refused(action)
    const id = this.#nextId++
    // The page's clock was read a while before we heard of it, so this is rather too early than too late.
    const until = Math.floor(theirs + this.#line.now() - ours + ACTION_LIFETIME_MS)
    const payload = new TextEncoder().encode(JSON.stringify({ id, page, until, action }))
    if (!this.#line.sendAction(payload)) return this.#refused(action)
    const [oldest] = this.#open.keys()
    if (oldest !== undefined && this.#open.size >= MAX_OPEN) this.#settleAction(oldest, 'denied')
    return new Promise((resolve) => {
      this.#open.set(id, (result) => {
        resolve(result)
        this.#line.emit('remote_assist_result', { result, action: action.do })
      })
    })
  }

  /** A message of the server. */
  receive(message: AssistMessage): void {
    const { participant } = message
    const isOurs = participant === this.#line.participant
    switch (message.type) {
      case 'assist_started':
        this.#holder = participant
        this.#types = isOurs ? message.types : []
        this.#state = isOurs ? 'active' : 'other'
        this.#line.emit('remote_assist_started', { participant, types: message.types, own: isOurs })
        if (isOurs) this.#settle({ granted: true, types: message.types })
        break
      case 'assist_stopped':
        this.#forget()
        this.#line.emit('remote_assist_stopped', { participant, reason: message.reason, own: isOurs })
        break
      case 'assist_rejected':
        if (this.#state === 'asking') this.#state = this.#holder === undefined ? 'free' : 'other'
        this.#line.emit('remote_assist_rejected', { participant, reason: message.reason })
        if (isOurs) this.#settle({ granted: false, types: [], reason: message.reason })
    }
    this.#show()
  }

  /** A `result` frame of the page. */
  receiveResult(payload: Uint8Array): void {
    const frame = readResult(payload)
    if (!frame) return
    this.#clock = { theirs: frame.clock, ours: this.#line.now() }
    if ('page' in frame) {
      this.#page = frame.page
      this.#show()
      return
    }
    this.#settleAction(frame.id, frame.result)
  }

  /** Another copy of the page is being built: what is shown until then has other numbers. */
  pageChanged(): void {
    this.#page = undefined
    this.#settleActions()
    this.#show()
  }

  /** The line is down or the session is over. */
  lost(): void {
    const { holder } = this
    const own = this.#state === 'active'
    this.#forget()
    this.#settle({ granted: false, types: [], reason: 'unavailable' })
    if (holder !== undefined)
      this.#line.emit('remote_assist_stopped', { participant: holder, reason: 'connection_lost', own })
    this.#show()
  }

  #show(): void {
    this.#input?.show(!this.#isAside && this.#state === 'active' && this.#page !== undefined)
  }

  #forget(): void {
    this.#state = this.#asking.length && this.#state !== 'active' ? 'asking' : 'free'
    this.#holder = undefined
    this.#types = []
    this.#settleActions()
  }

  async #refused(action: Action): Promise<ActionResult> {
    this.#line.emit('remote_assist_result', { result: 'denied', action: action.do })
    return 'denied'
  }

  #settleAction(id: number, result: ActionResult): void {
    const settle = this.#open.get(id)
    this.#open.delete(id)
    settle?.(result)
  }

  #settleActions(): void {
    const open = [...this.#open.values()]
    this.#open.clear()
    for (const settle of open) settle('denied')
  }

  #settle(result: AssistAnswer): void {
    for (const settle of this.#asking.splice(0)) settle(result)
  }
}

const RESULTS = new Set<unknown>(['done', 'blocked', 'gone', 'covered', 'masked', 'denied'] satisfies ActionResult[])

/** The customer's page may say anything. */
function readResult(payload: Uint8Array): ResultFrame | undefined {
  try {
    const { page, clock, id, result } = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
    if (!Number.isFinite(clock)) return undefined
    if (Number.isFinite(page)) return { page: page as number, clock: clock as number }
    return typeof id === 'number' && RESULTS.has(result)
      ? { id, result: result as ActionResult, clock: clock as number }
      : undefined
  } catch {
    return undefined
  }
}
