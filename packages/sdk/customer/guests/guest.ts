import { type Capture, compileGuestMask, type Stream, startCapture } from '@alongside/mirror/capture'
import { browserClock } from '../../connection/clock.ts'
import { Assets } from '../assets.ts'
import { pageDocument } from '../page-document.ts'
import type { CustomerSettings } from '../settings.ts'
import { GuestHost } from './guest-host.ts'
import { type FromGuest, GUEST_VERSION, type GuestOffer, type ToGuest } from './port-messages.ts'

/** Ports that are served: a script that was inserted twice hears each question twice. */
const taken = new WeakSet<MessagePort>()

let served: ServedPage | undefined
/** When the latest question came: those that waited for this part to load are heard in any order. */
let latest = 0

/** Hands a framed page's content to the page around it, which has asked by a message, until that page says that nobody
 *  looks any more. `allowed`: the server says that pages of that origin may have it; `given` gets what the framed page
 *  itself was set to, where it may trust that origin too, and `read` checks it. */
export function serve<Given>(
  { data, origin, source, ports, timeStamp }: MessageEvent<GuestOffer>,
  allowed: boolean,
  given: () => Given,
  read: (given: Given) => CustomerSettings,
): void {
  const [port] = ports
  if (!port || taken.has(port) || !isAround(source) || timeStamp < latest) return
  taken.add(port)
  latest = timeStamp
  try {
    const now = given()
    const settings = read(now)
    const { href } = location
    if (data.version !== GUEST_VERSION || !(allowed || settings.trustedOrigins?.includes(origin))) throw REFUSED
    // One page around it shows it, and that is the one that asked last.
    served?.close(true)
    // At another address other rules of its own may count: then it is asked anew.
    const isSame = () => given() === now && (!settings.piiMask?.rules || location.href === href)
    served = new ServedPage(port, data, settings, isSame)
  } catch {
    // Of settings and masks that are not valid nothing may be shown.
    port.postMessage({ type: 'gone', final: true } satisfies FromGuest)
  }
}

export type ServeGuest = typeof serve

const REFUSED = Symbol('refused')

function isAround(source: MessageEventSource | null): boolean {
  for (let at: Window = window; at !== at.parent; at = at.parent) if (at.parent === source) return true
  return false
}

interface ServedStream {
  stream: Stream
  /** Whether the page around takes a frame. */
  credit: boolean
}

/** A framed page while it is shown: nothing of it is watched before an agent's stream opens, nor after the last closed. */
class ServedPage {
  readonly #port: MessagePort
  readonly #offer: GuestOffer
  readonly #mask
  readonly #assets: Assets
  readonly #isCurrent: () => boolean
  readonly #streams = new Map<number, ServedStream>()
  readonly #files = new Map<string, (settled: boolean) => void>()
  #capture: Capture | undefined

  constructor(port: MessagePort, offer: GuestOffer, { piiMask }: CustomerSettings, isCurrent: () => boolean) {
    this.#port = port
    this.#isCurrent = isCurrent
    this.#offer = offer
    this.#mask = compileGuestMask(offer.mask, offer.base, piiMask && { maskType: 'custom_input', ...piiMask })
    this.#assets = new Assets({
      clock: browserClock,
      prefix: offer.prefix,
      bring: (key, file, signal) => this.#bring(key, file, signal),
    })
    port.onmessage = ({ data }: MessageEvent<ToGuest>) => this.#receive(data)
    addEventListener('pagehide', this.#leave)
    this.#say({ type: 'ready', loading: pageDocument.readyState !== 'complete' })
  }

  /** `final`: asking again is of no use. May be called twice. */
  close(final: boolean): void {
    this.#say({ type: 'gone', final })
    this.#stop()
  }

  #receive(message: ToGuest): void {
    switch (message.type) {
      case 'open':
        return this.#open(message.stream)
      case 'next': {
        const served = this.#streams.get(message.stream)
        if (!served) return
        served.credit = true
        return served.stream.wake()
      }
      case 'close':
        this.#streams.get(message.stream)?.stream.close()
        this.#streams.delete(message.stream)
        return this.#streams.size === 0 ? this.#release() : undefined
      case 'brought':
        return this.#files.get(message.key)?.(message.settled)
      case 'end':
        return this.#stop()
    }
  }

  #open(number: number): void {
    if (!this.#capture) {
      this.#capture = startCapture(document, {
        mask: this.#mask,
        asset: this.#assets.key,
        onError: () => this.close(true),
      })
      this.#admitGuests(this.#capture)
      this.#assets.open()
    }
    let served: ServedStream | undefined
    const stream = this.#capture.open({
      ready: () => served?.credit === true,
      send: (frame) => {
        // A mask that the page has set since holds before anything else is said.
        if (!this.#isCurrent()) return this.close(false)
        if (served) served.credit = false
        this.#say({ type: 'frame', stream: number, frame }, frame.buffer)
      },
    })
    served = { stream, credit: true }
    this.#streams.set(number, served)
    stream.wake()
  }

  /** Iframes in this page, which is to them the page around. */
  #admitGuests(capture: Capture): void {
    const { trustedOrigins, mask } = this.#offer
    if (!trustedOrigins.length) return
    capture.admit(
      (page) =>
        new GuestHost(page, {
          trustedOrigins,
          mask,
          clock: browserClock,
          prefix: this.#assets.prefix,
          bring: (key, file) => this.#bring(key, file),
        }),
    )
  }

  #bring(key: string, file: Uint8Array<ArrayBuffer> | undefined, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (settled: boolean) => {
        this.#files.delete(key)
        resolve(settled)
      }
      this.#files.set(key, settle)
      signal?.addEventListener('abort', () => settle(false))
      this.#say({ type: 'asset', key, ...(file ? { file } : {}) })
    })
  }

  #release(): void {
    this.#streams.clear()
    this.#capture?.close()
    this.#capture = undefined
    this.#assets.close()
  }

  #stop(): void {
    removeEventListener('pagehide', this.#leave)
    this.#release()
    this.#port.close()
  }

  readonly #leave = (): void => this.close(false)

  #say(message: FromGuest, ...transfer: Transferable[]): void {
    this.#port.postMessage(message, transfer)
  }
}
