/** What gives the frames of guests: documents in iframes that the page cannot read, which capture themselves. It is in a
 *  part of its own that few pages load. */
export interface Guests {
  /** An iframe is in a copy, has loaded a document, or stands elsewhere now, where the copy's begins empty. */
  enter(iframe: Element, change?: 'load' | 'move'): void
  leave(iframe: Element): void
  /** Whether `take` has something for a stream. */
  waits(stream: GuestStream): boolean
  /** What a stream is still to be sent: iframe and frame. A frame without bytes takes away what was shown. What the
   *  caller leaves is there the next time. */
  take(stream: GuestStream): Iterable<readonly [iframe: Element, frame: Uint8Array]>
  end(stream: GuestStream): void
  close(): void
}

/** One replica's frames, as far as guests need to know. */
export interface GuestStream {
  /** Whether the replica has a node. */
  knows(node: Node): boolean
}

/** What guests know of the page around them. */
export interface GuestPage {
  /** The mask's decision for an iframe: its document begins with it. */
  decide(iframe: Element): number
  /** There may be something to `take`. */
  wake(): void
}
