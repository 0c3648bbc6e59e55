import { AlongsideError, type FrameKind, type ParticipantId, SERVER_ID } from '@alongside/protocol'
import { Board } from '../../annotation/board.ts'
import { type AgentSays, encodeSaying, type PageSays, readAgentSays } from '../../annotation/messages.ts'
import type { Pointing } from '../../annotation/pointing.ts'
import { unshadowed } from '../page-document.ts'
import { plainName } from '../panel/plain-name.ts'
import { CUSTOMER_TOOLS, type CustomerTool, type Part, type PartContext } from '../part.ts'
import { accessibleName } from './accessible-name.ts'
import { AgentCopy } from './agent-copy.ts'
import { Allowance } from './allowance.ts'
import { PageLayer } from './page-layer.ts'

/** What happens within one such time is told to agents together. */
const TELL_MS = 16

/** How often marks are compared with what agents have while there are any: a copy that begins anew gives their elements
 *  other numbers as it grows. */
const COMPARE_MS = 250

/** What a reading costs of what may be drawn: the page is laid out for it, and nobody can listen faster. */
const READ_OUT_POINTS = 4_000

/** Nobody points for so long without moving: their last word was lost. */
const POINTING_MS = 30_000

interface Agent {
  name: string
  copy: AgentCopy
  allowance: Allowance
  /** Its copy of the page began anew, and it is not told yet. */
  restarted: boolean
}

/** Where everything that is drawn on the page meets: what agents say is checked, shown, and told to the other agents. The
 *  page is the one that knows; a mark goes when its element goes. */
export class Hub implements Part {
  readonly #context: PartContext
  readonly #board: Board<Element>
  readonly #pointings = new Map<ParticipantId, Pointing<Element> & { at: number }>()
  readonly #moved = new Set<ParticipantId>()
  readonly #agents = new Map<ParticipantId, Agent>()
  readonly #layer: PageLayer
  #cancelTell: (() => void) | undefined
  /** When agents are told what is new. */
  #tellAt = Number.POSITIVE_INFINITY
  #cancelExpire: (() => void) | undefined
  #closed = false

  constructor(context: PartContext) {
    this.#context = context
    const { now } = context.clock
    this.#board = new Board({ now, isAlive: (element) => unshadowed(element).isConnected })
    this.#layer = new PageLayer({
      context,
      board: this.#board,
      pointings: this.#pointings,
      onChange: () => this.#changed(),
    })
    this.changed()
  }

  receive(_kind: FrameKind, participant: ParticipantId, payload: Uint8Array): void {
    const agent = this.#agents.get(participant)
    const said = readAgentSays(payload)
    if (!said || !agent?.allowance.spend(costOf(said))) return
    if (this.#context.features()?.agentAnnotation) this.#take(participant, agent, said)
    else this.#say(participant, { type: 'refused', code: 1121 })
  }

  changed(): void {
    const session = this.#context.session()
    const isOpen = session !== undefined && !session.paused
    const live = new Set(
      [...(isOpen ? session.agents.values() : [])]
        .filter(({ standing }) => standing === 'live')
        .map(({ participant }) => participant),
    )
    const left = [...this.#agents.keys()].filter((participant) => participant !== SERVER_ID && !live.has(participant))
    for (const participant of left) this.#leave(participant)
    // With the last agent goes what was drawn: nobody would be there to wipe it off.
    if (isOpen && left.length && live.size === 0) this.#board.marks.clear()
    if (!live.size || session?.settings.recording !== 'on') this.#agents.delete(SERVER_ID)
    else if (!this.#agents.has(SERVER_ID)) this.#meet(SERVER_ID)
    for (const participant of live) if (!this.#agents.has(participant)) this.#meet(participant)
    if (!isOpen || !this.#context.features()?.customerAnnotation) this.#layer.draw(false)
    this.#layer.show()
  }

  restarted(participant: ParticipantId): void {
    const agent = this.#agents.get(participant)
    if (!agent) return
    agent.restarted = true
    this.#changed()
  }

  draw(on: boolean, tool: CustomerTool = 'pen'): void {
    const session = this.#context.session()
    if (on && (!session || session.paused)) throw new AlongsideError(1011)
    if (on && !this.#context.features()?.customerAnnotation) throw new AlongsideError(1121)
    if (!CUSTOMER_TOOLS.includes(tool)) throw new AlongsideError(1103)
    this.#layer.draw(on, tool)
  }

  close(): void {
    this.#closed = true
    this.#cancelTell?.()
    this.#cancelExpire?.()
    this.#layer.close()
  }

  #meet(participant: ParticipantId): void {
    const { clock } = this.#context
    const copy = new AgentCopy((message) => this.#say(participant, message))
    const name = plainName(this.#context.session()?.agents.get(participant)?.userName ?? '')
    this.#agents.set(participant, { name, copy, allowance: new Allowance(clock.now), restarted: false })
    // A recording goes on over pages, each of which begins with nothing drawn.
    if (this.#board.marks.all.size || participant === SERVER_ID) copy.reset()
    for (const author of this.#pointings.keys()) this.#moved.add(author)
    this.#tellLater(TELL_MS)
  }

  #leave(participant: ParticipantId): void {
    this.#agents.delete(participant)
    this.#board.finish(participant)
    this.#rest(participant)
    this.#changed()
  }

  #take(author: ParticipantId, { copy, name }: Agent, said: AgentSays): void {
    switch (said.type) {
      case 'put': {
        const { type: _type, ...draft } = said
        const anchor = this.#elementOf(said.anchor)
        if (!anchor) return copy.refuse(author, said.id)
        const mark = this.#board.put(author, { ...draft, anchor })
        copy.note(mark, said.anchor)
        if (mark.done) this.#layer.uncover(mark)
        break
      }
      case 'extend': {
        const key = `${author}.${said.id}`
        const mark = this.#board.extend(author, said.id, said.points) ? this.#board.marks.all.get(key) : undefined
        const node = mark && this.#context.numberOf(mark.anchor)
        if (mark && node !== undefined) copy.note(mark, node)
        break
      }
      case 'erase':
        this.#board.erase(author, `${said.author}.${said.id}`)
        break
      case 'undo':
        this.#board.undo(author)
        break
      case 'redo':
        this.#board.redo(author)
        break
      case 'clear':
        this.#board.clear(author, said.whose)
        break
      case 'point': {
        const anchor = this.#elementOf(said.anchor)
        if (!anchor) return
        const { tool, colour, x, y } = said
        const at = this.#context.clock.now()
        this.#pointings.set(author, { tool, anchor, x, y, name, colour, at })
        this.#moved.add(author)
        break
      }
      case 'rest':
        this.#rest(author)
        break
      case 'read_out': {
        const element = this.#elementOf(said.anchor)
        const name = element && accessibleName(element)
        if (name) this.#layer.say(name)
        return this.#say(author, { type: 'read_out', done: Boolean(name) || this.#isMasked(element) })
      }
    }
    this.#changed()
  }

  /** Whether an element is masked, or holds what is: then whether it says anything would tell of it. */
  #isMasked(element: Element | undefined): boolean {
    if (!element) return false
    return [element, ...unshadowed(element).querySelectorAll('*')].some((one) => this.#context.maskOf(one))
  }

  #elementOf(number: number): Element | undefined {
    const node = this.#context.nodeOf(number)
    return node && unshadowed(node).nodeType === Node.ELEMENT_NODE ? (node as Element) : undefined
  }

  #rest(author: ParticipantId): void {
    if (this.#pointings.delete(author)) this.#moved.add(author)
  }

  #changed(): void {
    if (this.#closed) return
    this.#layer.show()
    this.#tellLater(TELL_MS)
    this.#expire()
  }

  #tellLater(ms: number): void {
    const { clock } = this.#context
    const at = clock.now() + ms
    // Whoever goes on drawing must not put it off.
    if (at >= this.#tellAt) return
    this.#cancelTell?.()
    this.#tellAt = at
    this.#cancelTell = clock.after(ms, () => this.#tell())
  }

  #tell(): void {
    this.#tellAt = Number.POSITIVE_INFINITY
    const { all } = this.#board.marks
    this.#board.dropDead()
    this.#forgetStale()
    let waits = all.size > 0
    for (const [participant, agent] of this.#agents) {
      const { copy } = agent
      if (agent.restarted) copy.reset()
      agent.restarted = false
      waits = copy.compare(all, (element) => this.#context.numberOf(element)) || waits
      if (participant !== SERVER_ID) copy.tellSteps(this.#board.steps(participant))
      for (const author of this.#moved) if (author !== participant) this.#tellPointing(participant, author)
    }
    this.#moved.clear()
    if (waits || this.#pointings.size) this.#tellLater(COMPARE_MS)
  }

  #tellPointing(participant: ParticipantId, author: ParticipantId): void {
    const pointing = this.#pointings.get(author)
    const anchor = pointing && this.#context.numberOf(pointing.anchor)
    if (!pointing || anchor === undefined) return this.#say(participant, { type: 'rest', author })
    const { tool, colour, x, y } = pointing
    this.#say(participant, { type: 'point', author, tool, colour, anchor, x, y })
  }

  #forgetStale(): void {
    const since = this.#context.clock.now() - POINTING_MS
    for (const [author, { at, anchor }] of this.#pointings)
      if (at < since || !unshadowed(anchor).isConnected) this.#rest(author)
  }

  #expire(): void {
    this.#cancelExpire?.()
    this.#cancelExpire = undefined
    const next = this.#board.expire()
    if (next === undefined) return
    const { clock } = this.#context
    this.#cancelExpire = clock.after(next - clock.now(), () => this.#changed())
  }

  #say(participant: ParticipantId, message: PageSays): void {
    this.#context.sendFrame('annotation', participant, encodeSaying(message))
  }
}

function costOf(said: AgentSays): number {
  return 'points' in said ? said.points.length / 2 : said.type === 'read_out' ? READ_OUT_POINTS : 0
}
