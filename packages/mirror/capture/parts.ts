import type { GuestPage, GuestStream } from './guests.ts'

/** Parts that few pages need; the name of a part is that of its operation. */
export type CapturePart = 'picture' | 'animation'

/** One replica's line, as far as parts need to know. */
export interface PartStream extends GuestStream {
  /** Bytes that nobody waits for which the line takes now without being late with anything else. */
  room(): number
}

/** What a part knows of the page. */
export interface PartPage extends GuestPage {
  later(ms: number, run: () => void): () => void
  streams(): Iterable<PartStream>
  roots(): Iterable<Document | ShadowRoot>
  /** Declarations as the mask lets them through. */
  style(element: Element, text: string): string
}
