import type { GuestPage, GuestStream, MaskRules } from '@alongside/mirror/capture'
import { MAX_ASSET_BYTES } from '@alongside/protocol'
import type { Clock } from '../../connection/clock.ts'
import { type FromGuest, GUEST_VERSION, type GuestOffer, readFromGuest, type ToGuest } from './port-messages.ts'

/** When an iframe that does not answer is asked again: its script may come late. A load of it begins anew. */
const ASK_AGAIN_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]

/** From this try on origins are asked that the iframe's address does not name: it may have led elsewhere. */
const ASK_ALL_FROM = 2

/** A capture cuts its frames at 5 ms of work; more than this is one text that no page of use has. */
const MAX_FRAME_BYTES = 4_000_000

/** Files of one guest on their way to the server. Its assets bring four at once. */
const MAX_FILES = 8

/** A guest that breaks the rules is asked again when it loads anew, but not without end. */
const MAX_FAULTS = 3

const NO_FRAME = new Uint8Array(0)

export interface HostOptions {
  trustedOrigins: readonly string[]
  mask: readonly MaskRules[]
  clock: Clock
  /** What keys of guests' files begin with. */
  prefix: string
  /** Brings a file of a guest to the server. */
  bring(key: string, file: Uint8Array<ArrayBuffer> | undefined): Promise<boolean>
}

/** One agent's stream of a guest: at most one frame waits, and none is made meanwhile. */
interface InnerStream {
  number: number
  waiting: Uint8Array<ArrayBuffer> | undefined
  /** Whether a frame may come. */
  credit: boolean
}

type State =
  | { name: 'silent' }
  | { name: 'asked'; ports: MessagePort[]; stop(): void }
  | {
      name: 'open'
      port: MessagePort
      loading: boolean
      streams: Map<GuestStream, InnerStream>
      ended: Set<number>
      files: number
    }

/** Numbers of questions and streams, over all guests: no port is ever spoken to about another's. */
let lastNumber = 0

/** An iframe and whoever answers in it. Nothing is believed of it but what it holds. */
export class HostedGuest {
  readonly #iframe: HTMLIFrameElement
  readonly #page: GuestPage
  readonly #options: HostOptions
  #state: State = { name: 'silent' }
  #base = 0
  #prefix = ''
  #faults = 0
  /** Streams whose replica shows something of it. */
  readonly #shown = new Set<GuestStream>()

  constructor(iframe: HTMLIFrameElement, page: GuestPage, options: HostOptions) {
    this.#iframe = iframe
    this.#page = page
    this.#options = options
  }

  /** Drops whoever answered, and asks. */
  ask(tries = 0): void {
    this.#drop()
    this.#base = this.#page.decide(this.#iframe)
    this.#prefix = `${this.#options.prefix}_${(++lastNumber).toString(36)}`
    const again = ASK_AGAIN_MS[tries]
    if (this.#faults > MAX_FAULTS || again === undefined) return
    const ports = this.#origins(tries).map((origin) => this.#post(origin))
    if (!ports.length) return
    this.#state = { name: 'asked', ports, stop: this.#options.clock.after(again, () => this.ask(tries + 1)) }
  }

  renew(change: 'load' | 'move'): void {
    if (change === 'load' && this.#state.name === 'open' && this.#state.loading) this.#state.loading = false
    else this.ask()
  }

  waits(stream: GuestStream): boolean {
    if (this.#state.name !== 'open') return this.#shown.has(stream)
    const inner = this.#state.streams.get(stream)
    return !inner || inner.waiting !== undefined
  }

  take(stream: GuestStream): Uint8Array | undefined {
    // What is masked around it has changed: it begins anew under the other decision.
    if (this.#base !== this.#page.decide(this.#iframe)) this.ask()
    if (this.#state.name !== 'open') return this.#shown.delete(stream) ? NO_FRAME : undefined
    const inner = this.#state.streams.get(stream)
    if (!inner) {
      const number = ++lastNumber
      this.#state.streams.set(stream, { number, waiting: undefined, credit: true })
      this.#say({ type: 'open', stream: number })
      return undefined
    }
    const { waiting } = inner
    if (!waiting) return undefined
    inner.waiting = undefined
    inner.credit = true
    this.#say({ type: 'next', stream: inner.number })
    this.#shown.add(stream)
    return waiting
  }

  end(stream: GuestStream): void {
    this.#shown.delete(stream)
    if (this.#state.name !== 'open') return
    const inner = this.#state.streams.get(stream)
    if (!inner) return
    this.#say({ type: 'close', stream: inner.number })
    this.#state.streams.delete(stream)
    // Its last frame may be under way.
    this.#state.ended.add(inner.number)
  }

  /** May be called twice. */
  close(): void {
    this.#drop()
    this.#shown.clear()
  }

  #drop(): void {
    const state = this.#state
    this.#say({ type: 'end' })
    this.#state = { name: 'silent' }
    if (state.name === 'asked') {
      state.stop()
      for (const port of state.ports) port.close()
    } else if (state.name === 'open') state.port.close()
  }

  /** Where its document may be from. The browser gives the question to nobody else. */
  #origins(tries: number): readonly string[] {
    const { trustedOrigins } = this.#options
    const source = this.#iframe.getAttribute('src') ?? ''
    const { origin } = URL.canParse(source, this.#iframe.baseURI) ? new URL(source, this.#iframe.baseURI) : location
    // An own address can lead anywhere; one of a stranger is left in peace.
    if (!source || origin === 'null' || origin === location.origin) return trustedOrigins
    if (!trustedOrigins.includes(origin)) return []
    return tries < ASK_ALL_FROM ? [origin] : trustedOrigins
  }

  #post(origin: string): MessagePort {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => this.#receive(port1, data)
    const { mask, trustedOrigins } = this.#options
    const offer: GuestOffer = {
      alongside: 'guest',
      version: GUEST_VERSION,
      mask,
      base: this.#base,
      trustedOrigins,
      prefix: this.#prefix,
    }
    this.#iframe.contentWindow?.postMessage(offer, origin, [port2])
    return port1
  }

  #receive(port: MessagePort, data: unknown): void {
    const state = this.#state
    // What was under way when its port was given up.
    if (state.name === 'asked' ? !state.ports.includes(port) : state.name !== 'open' || state.port !== port) return
    const message = readFromGuest(data)
    if (!message || !this.#take(port, message)) this.#fault()
  }

  /** Whether the message is one that may come now. */
  #take(port: MessagePort, message: FromGuest): boolean {
    const state = this.#state
    if (message.type === 'gone') {
      if (message.final) this.#drop()
      else this.ask()
      this.#page.wake()
      return true
    }
    if (state.name === 'asked') {
      if (message.type !== 'ready') return false
      state.stop()
      this.#open(state.ports, port, message.loading)
      return true
    }
    if (state.name !== 'open') return false
    if (message.type === 'frame') {
      const inner = [...state.streams.values()].find(({ number }) => number === message.stream)
      if (!inner) return state.ended.delete(message.stream)
      const { length } = message.frame
      if (!inner.credit || length === 0 || length > MAX_FRAME_BYTES) return false
      inner.waiting = message.frame
      inner.credit = false
      this.#page.wake()
      return true
    }
    return message.type === 'asset' && this.#bring(state, message.key, message.file)
  }

  #open(ports: MessagePort[], port: MessagePort, loading: boolean): void {
    for (const other of ports) if (other !== port) other.close()
    this.#state = { name: 'open', port, loading, streams: new Map(), ended: new Set(), files: 0 }
    this.#page.wake()
  }

  #bring(state: State & { name: 'open' }, key: string, file: Uint8Array<ArrayBuffer> | undefined): boolean {
    const isOwn =
      key.startsWith(this.#prefix) && /^[-_][\w-]+$/.test(key.slice(this.#prefix.length)) && key.length <= 64
    if (!isOwn || state.files >= MAX_FILES || (file && file.length > MAX_ASSET_BYTES)) return false
    state.files++
    void this.#options.bring(key, file).then((settled) => {
      state.files--
      if (this.#state === state) this.#say({ type: 'brought', key, settled })
    })
    return true
  }

  #fault(): void {
    this.#faults++
    this.#drop()
    this.#page.wake()
  }

  #say(message: ToGuest): void {
    if (this.#state.name === 'open') this.#state.port.postMessage(message)
    else if (this.#state.name === 'asked') for (const port of this.#state.ports) port.postMessage(message)
  }
}
