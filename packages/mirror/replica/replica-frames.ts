import { close, contentDocument, isConnected, open, write } from './natives.ts'
import type { ReplicaDocument } from './replica-document.ts'

/** Stands in an iframe of the copy whose document the page around it cannot read and nobody hands in. A constant, and a
 *  document of its own: nothing of the customer's page reaches it. */
const NOT_SHOWN = `<!DOCTYPE html><html id="alongside-not-shown"><style>
html{height:100%;background:#eef1f4 repeating-linear-gradient(135deg,transparent 0 12px,#e4e8ed 12px 24px)}
body{margin:0;height:100%;display:grid;place-items:center;overflow:hidden}
p{margin:8px;padding:6px 12px;max-width:34em;border-radius:6px;background:#fff;color:#3d4652;text-align:center;font:14px/1.4 system-ui,sans-serif}
@media(max-width:139px),(max-height:47px){p{display:none}}
</style><body><p>This part of the page is from another site and is not shown.</p>`

/** Begins each stream: wire version, then sequence 1. */
const FIRST_SEQUENCE = 1

/** The iframes of one document of the copy, and what stands in each: a document of the page, the copy of a guest's, or a
 *  note that there is nothing to be seen. */
export class ReplicaFrames {
  readonly #makeCopy: (document: Document) => ReplicaDocument
  /** All iframes with their names. */
  readonly #names = new Map<Element, string>()
  /** The document that stands in each on purpose. An iframe that moved has another, an empty one. */
  readonly #filled = new WeakMap<Element, Document>()
  readonly #guests = new Map<Element, ReplicaDocument>()

  constructor(makeCopy: (document: Document) => ReplicaDocument) {
    this.#makeCopy = makeCopy
  }

  add(iframe: Element, name: string): void {
    this.#names.set(iframe, name)
  }

  forget(node: Node): void {
    this.#names.delete(node as Element)
    this.#end(node as Element)
  }

  /** A document of the page is about to stand in an iframe. */
  fill(iframe: Element, document: Document): void {
    this.#end(iframe)
    this.#filled.set(iframe, document)
  }

  /** A document of the page left the iframe that it was in. */
  emptied(document: Node): void {
    for (const iframe of this.#names.keys()) if (this.#filled.get(iframe) === document) this.#filled.delete(iframe)
  }

  /** Applies a frame of the guest in an iframe. One that breaks is not shown until it begins anew: nothing else suffers
   *  from it. */
  *apply(iframe: Element, frame: Uint8Array): Generator<void, void, void> {
    try {
      if (frame[1] === FIRST_SEQUENCE) this.#begin(iframe)
      const guest = this.#guests.get(iframe)
      if (frame.length > 0) return guest && (yield* guest.apply(frame))
    } catch {
      // Falls through to what is shown where there is no guest.
    }
    if (this.#end(iframe)) this.#filled.delete(iframe)
  }

  /** Fills what stands empty. */
  settle(): void {
    for (const [iframe, name] of this.#names) {
      if (!isConnected(iframe)) continue
      const document = contentDocument(iframe, name)
      if (!document || this.#filled.get(iframe) === document) continue
      this.#end(iframe)
      this.#filled.set(iframe, document)
      open(document)
      write(document, NOT_SHOWN)
      close(document)
    }
  }

  guests(): Iterable<ReplicaDocument> {
    return this.#guests.values()
  }

  calm(): void {
    for (const guest of this.#guests.values()) guest.calm()
  }

  close(): void {
    for (const iframe of [...this.#guests.keys()]) this.#end(iframe)
  }

  #end(iframe: Element): boolean {
    this.#guests.get(iframe)?.close()
    return this.#guests.delete(iframe)
  }

  #begin(iframe: Element): void {
    const document = contentDocument(iframe, this.#names.get(iframe) ?? '')
    if (!document) return
    this.#end(iframe)
    this.#guests.set(iframe, this.#makeCopy(document))
    this.#filled.set(iframe, document)
  }
}
