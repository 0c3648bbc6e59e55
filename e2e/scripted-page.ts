import { FrameWriter, ITEM_FLAGS, ITEMS, OPS, STATES } from '../packages/mirror/wire/index.ts'
import { encodeFrame } from '../packages/protocol/index.ts'

/** The number of the body in each scripted page. */
export const BODY = 3

/** A customer's page that no browser has: frames as an agent's script gets them, past every gate of capture. */
export class ScriptedPage {
  readonly writer = new FrameWriter()
  /** The number of the node that was written last. */
  lastId = 1
  readonly #peer: number
  #sequence = 0

  constructor(peer: number) {
    this.#peer = peer
  }

  /** The page that comes after this one, for the same agent. */
  next(): ScriptedPage {
    return new ScriptedPage(this.#peer)
  }

  /** The first frame: an empty page, with what `head` puts behind its body, and what `after` says of it. */
  start(head = () => {}, after = () => {}): Buffer {
    return this.frame(() => {
      this.writer.byte(OPS.document)
      this.writer.uint(1)
      this.writer.byte(0)
      this.at(1)
      this.element('html', [], () => {
        this.element('body', [], () => {})
        head()
      })
      this.end()
      after()
    })
  }

  frame(write: () => void): Buffer {
    this.writer.begin()
    write()
    const sequence = ++this.#sequence
    return Buffer.from(
      encodeFrame({ kind: 'content', flags: 0, peer: this.#peer, sequence }, this.writer.finish() ?? new Uint8Array()),
    )
  }

  /** Begins an insert; `end` ends it. */
  at(parent: number, left = 0): void {
    this.writer.byte(OPS.insert)
    this.writer.uint(parent)
    this.writer.uint(left)
  }

  /** The number of the element. */
  element(
    name: string,
    attributes: readonly (readonly [string, string])[],
    fill: () => void = () => {},
    kind: number = ITEMS.html,
    namespace = '',
  ): number {
    const id = this.open(name, attributes, kind, namespace)
    fill()
    this.end()
    return id
  }

  /** Begins an element; what follows is in it until `end`. */
  open(
    name: string,
    attributes: readonly (readonly [string, string])[],
    kind: number = ITEMS.html,
    namespace = '',
  ): number {
    this.writer.byte(kind | ITEM_FLAGS.children | ITEM_FLAGS.attributes)
    if (kind === ITEMS.foreign) this.writer.string(namespace)
    this.writer.string(name)
    for (const [attribute, value] of attributes) {
      this.writer.string(attribute)
      this.writer.string(value)
    }
    this.writer.none()
    return ++this.lastId
  }

  text(text: string): void {
    this.lastId++
    this.writer.byte(ITEMS.text)
    this.writer.string(text)
  }

  end(): void {
    this.writer.byte(ITEMS.end)
  }

  attribute(id: number, name: string, value: string): void {
    this.writer.byte(OPS.attribute)
    this.writer.uint(id)
    this.writer.string(name)
    this.writer.string(value)
  }

  viewport(width: number, height: number): void {
    this.writer.byte(OPS.state)
    this.writer.uint(1)
    this.writer.byte(STATES.viewport)
    this.writer.uint(width)
    this.writer.uint(height)
  }
}
