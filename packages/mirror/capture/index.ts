/** What is masked; the contract's `piiMask` plus the always-on set that nothing lifts. */
export interface MaskRules {
  maskType: 'custom_input' | 'all_input' | 'all'
  /** Comma-separated selector list. */
  maskCssSelectors?: string
  /** Comma-separated `name=value` pairs. */
  maskHTMLAttributes?: string
  /** Comma-separated selector list that unmasks; the rule closer to the node wins, a mask wins a tie. */
  unmaskCssSelectors?: string
}

/** Rules checked and compiled once by `compileMask`. */
export interface Mask {
  readonly rules: MaskRules
}

/** Thrown by `compileMask`: `setting` names the rule that is not a valid selector or pair. */
export class MaskError extends Error {
  readonly setting: keyof MaskRules
  constructor(setting: keyof MaskRules, text: string) {
    super(text)
    this.name = 'MaskError'
    this.setting = setting
  }
}

export function compileMask(rules: MaskRules): Mask {
  return { rules }
}

/** Where one replica's frames go. */
export interface Sink {
  /** Whether the line takes a frame now. While it says false changes gather in the page and cost no memory. */
  ready(): boolean
  /** Takes one frame. Called in order, never while `ready()` is false. */
  send(frame: Uint8Array<ArrayBuffer>): void
}

/** The frames for one replica, from a full snapshot on. */
export interface Stream {
  /** Tells the stream that `ready()` may have become true. */
  wake(): void
  close(): void
}

export interface Capture {
  /** Starts a stream: the snapshot in slices, then what changes. */
  open(sink: Sink): Stream
  /** Ends all streams, disconnects all observers and restores every patched function. May be called twice. */
  close(): void
}

export interface CaptureOptions {
  mask: Mask
  /** Elements that are never mirrored, with all they hold: the SDK's own panel. */
  excluded?: ReadonlySet<Node>
  /** A fault of capture itself. It has closed all streams; the page goes on. */
  onError(error: unknown): void
}

export function startCapture(_document: Document, _options: CaptureOptions): Capture {
  throw new Error('capture')
}
