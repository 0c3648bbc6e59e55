import { type Capture, compileGuestMask, type Stream, startCapture } from '@alongside/mirror/capture'
import { browserClock } from '../../connection/clock.ts'
import { Assets } from '../assets.ts'
import type { CustomerSettings } from '../settings.ts'
import { GuestHost } from './guest-host.ts'
import { type FromGuest, GUEST_VERSION, type GuestOffer, type ToGuest } from './port-messages.ts'

/** Hands this framed page's content to the page around it, which has asked for it by `offer`, until that page says that
 *  nobody looks any more. `own` is what this page itself was set to. Returns the undo; `final`: the page around is not to
 *  ask again. The caller has made sure that the
 *  page around it may have it. Throws when a mask of either is not valid: then nothing is shown. */
export function serve(port: MessagePort, offer: GuestOffer, own: CustomerSettings): (final: boolean) => void {
  if (offer.version !== GUEST_VERSION) throw new Error(`expected version ${GUEST_VERSION}, got ${offer.version}`)
  const served = new ServedPage(port, offer, own)
  return (final) => served.close(final)
}

interface Served {
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
  readonly #streams = new Map<number, Served>()
  readonly #files = new Map<string, (settled: boolean) => void>()
  #capture: Capture | undefined

  constructor(port: MessagePort, offer: GuestOffer, { piiMask }: CustomerSettings) {
    this.#port = port
    this.#offer = offer
    this.#mask = compileGuestMask(offer.mask, offer.base, { maskType: 'custom_input', ...piiMask })
    this.#assets = new Assets({
      clock: browserClock,
      prefix: offer.prefix,
      bring: (key, file, signal) => this.#bring(key, file, signal),
    })
    port.onmessage = ({ data }: MessageEvent<ToGuest>) => this.#receive(data)
    addEventListener('pagehide', this.#leave)
    this.#say({ type: 'ready', loading: document.readyState !== 'complete' })
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
    let served: Served | undefined
    const stream = this.#capture.open({
      ready: () => served?.credit === true,
      send: (frame) => {
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
