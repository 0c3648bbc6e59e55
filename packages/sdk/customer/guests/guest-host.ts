import type { GuestPage, GuestStream, Guests } from '@alongside/mirror/capture'
import type { PageShareOptions } from '../page-share.ts'
import { HostedGuest, type HostOptions } from './hosted-guest.ts'

/** Iframes of one page that are asked: a page with more is not made for people. */
const MAX_GUESTS = 100

/** Makes the guests of the customer's page. */
export function hostGuests(page: GuestPage, { settings, mask, clock, assets }: PageShareOptions): GuestHost {
  const { trustedOrigins = [] } = settings
  return new GuestHost(page, {
    trustedOrigins,
    mask: mask.rules,
    clock,
    prefix: assets.prefix,
    bring: (key, file) => assets.take(key, file),
  })
}

/** The guests of a page: asks its iframes, as far as their origins are trusted, and hands on what they hand in. */
export class GuestHost implements Guests {
  readonly #page: GuestPage
  readonly #options: HostOptions
  readonly #guests = new Map<Element, HostedGuest>()

  constructor(page: GuestPage, options: HostOptions) {
    this.#page = page
    this.#options = options
  }

  enter(iframe: Element, change?: 'load' | 'move'): void {
    const known = this.#guests.get(iframe)
    if (known) return change && known.renew(change)
    if (this.#guests.size >= MAX_GUESTS) return
    const guest = new HostedGuest(iframe as HTMLIFrameElement, this.#page, this.#options)
    this.#guests.set(iframe, guest)
    guest.ask()
  }

  leave(iframe: Element): void {
    this.#guests.get(iframe)?.close()
    this.#guests.delete(iframe)
  }

  waits(stream: GuestStream): boolean {
    for (const [iframe, guest] of this.#guests) if (stream.knows(iframe) && guest.waits(stream)) return true
    return false
  }

  *take(stream: GuestStream): Iterable<readonly [Element, Uint8Array]> {
    for (const [iframe, guest] of this.#guests) {
      const frame = stream.knows(iframe) ? guest.take(stream) : undefined
      if (frame) yield [iframe, frame]
    }
  }

  end(stream: GuestStream): void {
    for (const guest of this.#guests.values()) guest.end(stream)
  }

  close(): void {
    for (const guest of this.#guests.values()) guest.close()
    this.#guests.clear()
  }
}
