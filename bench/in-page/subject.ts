/** One of the two products under the same face. A bundle of it is loaded into the page that is measured. */
export interface Subject {
  /** Mirrors the document that this runs in. Each message goes to `emit`; answers the function that stops it. */
  record(emit: (message: Message) => void): () => void
  /** Puts an empty copy into `parent`. */
  replicate(parent: HTMLElement): Promise<Copy>
}

export interface Copy {
  apply(message: Message): void
  document(): Document
}

/** Bytes, or a value that travels as JSON. */
export type Message = Uint8Array<ArrayBuffer> | object

declare global {
  interface Window {
    subject?: Subject
    /** Messages since the last look. */
    messages: Message[]
    /** What the measured page can do to itself, by name. */
    bursts?: Record<string, () => void | Promise<void>>
  }
}
