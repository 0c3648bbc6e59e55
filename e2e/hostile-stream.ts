import { ITEM_FLAGS, ITEMS, isOpaque, MODES, OPS, STATES, TOP_LAYER } from '../packages/mirror/wire/index.ts'
import { FRAME_KINDS } from '../packages/protocol/index.ts'
import { BODY, ScriptedPage } from './scripted-page.ts'

/** A parsed node: what `parseVectors` tells of it. */
export interface Parsed {
  namespace: string | null
  /** Of an element. */
  name: string
  attributes: [name: string, value: string][]
  /** Of a text. */
  text?: string
  children: Parsed[]
}

/** Runs in a page: markup as a tree, in a document that runs and loads nothing. */
export function parseVectors(all: string[]): Parsed[][] {
  const read = (node: Node): Parsed[] => {
    if (node instanceof CharacterData)
      return [{ namespace: null, name: '', attributes: [], text: node.data, children: [] }]
    if (!(node instanceof Element)) return []
    const content = node instanceof HTMLTemplateElement ? node.content : node
    const attributes = [...node.attributes].map(({ namespaceURI, name, value }): [string, string] => [
      namespaceURI === null ? name : ` ${namespaceURI} ${name}`,
      value,
    ])
    const children = [...content.childNodes].flatMap(read)
    return [{ namespace: node.namespaceURI, name: node.localName, attributes, children }]
  }
  return all.map((markup) => {
    const { head, body } = new DOMParser().parseFromString(`<!DOCTYPE html><body>${markup}`, 'text/html')
    return [...head.childNodes, ...body.childNodes].flatMap(read)
  })
}

const KINDS = new Map<string | null, number>([
  ['http://www.w3.org/1999/xhtml', ITEMS.html],
  ['http://www.w3.org/2000/svg', ITEMS.svg],
  ['http://www.w3.org/1998/Math/MathML', ITEMS.mathml],
])

type Disguise = (node: Parsed) => { kind: number; namespace: string | null; name: string }

/** Other ways to name an element than its own, which a gate might take for something harmless. */
const DISGUISES: readonly Disguise[] = [
  ({ namespace, name }) => ({ kind: KINDS.get(namespace) ?? ITEMS.html, namespace, name }),
  ({ namespace, name }) => ({ kind: KINDS.get(namespace) ?? ITEMS.html, namespace, name: name.toUpperCase() }),
  ({ name }) => ({ kind: ITEMS.svg, namespace: 'http://www.w3.org/2000/svg', name }),
  ({ name }) => ({ kind: ITEMS.mathml, namespace: 'http://www.w3.org/1998/Math/MathML', name }),
  ({ name }) => ({ kind: ITEMS.html, namespace: 'http://www.w3.org/1999/xhtml', name: `x:${name}` }),
  ({ name }) => ({ kind: ITEMS.svg, namespace: 'http://www.w3.org/2000/svg', name: `x:${name}` }),
  ({ name }) => ({ kind: ITEMS.foreign, namespace: 'x', name: `x:${name}` }),
]

/** A customer's script that was rewritten by the customer: frames as the desk gets them, past every gate of capture. */
export class HostileStream {
  readonly frames: Buffer[] = []
  readonly #page = new ScriptedPage(1)
  readonly #writer = this.#page.writer

  constructor() {
    this.frames.push(this.#page.start())
  }

  /** Puts vectors into the page in every disguise, and into a shadow root and a frame in it. */
  markup(tree: readonly Parsed[]): void {
    const all = (disguise: Disguise) => () => {
      for (const node of tree) this.#node(node, disguise)
    }
    this.#frame(() => {
      this.#page.at(BODY)
      for (const disguise of DISGUISES) this.#page.element('div', [], all(disguise))
      this.#page.element('div', [], () => this.#open(ITEMS.shadow, all(DISGUISES[0]!)))
      this.#page.element('iframe', [], () => {
        this.#page.lastId++
        this.#writer.byte(ITEMS.document | ITEM_FLAGS.children)
        this.#writer.byte(MODES.quirks)
        this.#page.element('html', [], () => this.#page.element('body', [], all(DISGUISES[0]!)))
        this.#writer.byte(ITEMS.end)
      })
      this.#writer.byte(ITEMS.end)
      for (const [id, layer] of this.#top.splice(0)) {
        this.#writer.byte(OPS.state)
        this.#writer.uint(id)
        this.#writer.byte(STATES.topLayer)
        this.#writer.byte(layer)
      }
    })
  }

  /** Sends CSS in each way in which CSS comes to the copy. */
  css(sheets: readonly { css: string; declarations: string }[]): void {
    const later: (() => void)[] = []
    this.#frame(() => {
      this.#page.at(BODY)
      for (const { css, declarations } of sheets) later.push(this.#styles(css, declarations))
      this.#writer.byte(ITEMS.end)
      for (const write of later) write()
      this.#writer.byte(OPS.adopt)
      this.#writer.uint(1)
      this.#writer.uint(sheets.length)
      for (let number = 1; number <= sheets.length; number++) this.#writer.uint(number)
    })
  }

  #styles(css: string, declarations: string): () => void {
    const w = this.#writer
    const none = () => {}
    // One letter each, and three.
    for (const size of [1, 3])
      this.#page.element('style', [], () => {
        for (let i = 0; i < css.length; i += size) this.#page.text(css.slice(i, i + size))
      })
    const link = this.#page.element('link', [['rel', 'stylesheet']], none)
    const style = this.#page.element('style', [], () => this.#page.text('p{}'))
    const drawn = this.#page.element('style', [], () => this.#page.text('p{}'), ITEMS.svg)
    const styled = this.#page.element('p', [['style', declarations]], none)
    const value = /:([^;]*)/.exec(declarations)?.[1] ?? ''
    this.#page.element(
      'rect',
      ['fill', 'mask', 'filter', 'clip-path', 'cursor', 'style'].map((name) => [name, value] as const),
      none,
      ITEMS.svg,
    )
    return () => {
      w.byte(OPS.text)
      w.uint(drawn + 1)
      w.string(css)
      w.byte(OPS.attribute)
      w.uint(styled)
      w.string('STYLE')
      w.string(declarations)
      w.byte(OPS.sheetText)
      w.uint(link)
      w.string(css)
      this.#rules(style * 2, css)
      const sheet = ++this.#sheets
      w.byte(OPS.newSheet)
      w.uint(sheet)
      w.uint(1)
      w.string('')
      this.#rules(sheet * 2 + 1, css)
      w.byte(OPS.animation)
      w.uint(styled)
      const keyframes = [0, 1].map((offset) => [offset, 'linear', 'replace', declarations])
      const timing = { delay: 0, endDelay: 0, iterationStart: 0, duration: 9_000, direction: 'normal' }
      const told = { keyframes, timing: { ...timing, fill: 'both', easing: 'linear' }, iterations: -1 }
      const list = [{ ...told, currentTime: 0, playbackRate: 1, runs: true }]
      w.bytes(new TextEncoder().encode(JSON.stringify(list)))
    }
  }

  #rules(key: number, css: string): void {
    this.#writer.byte(OPS.sheetRules)
    for (const part of [key, 0, 0, 0, 1]) this.#writer.uint(part)
    this.#writer.string(css)
  }

  /** Ends with a text that a test can wait for. */
  end(text: string): void {
    this.#frame(() => {
      this.#page.at(BODY)
      this.#page.text(text)
      this.#writer.byte(ITEMS.end)
    })
  }

  /** Dialogs and popovers that are to be on top. */
  readonly #top: [id: number, layer: number][] = []
  #sheets = 0

  #frame(write: () => void): void {
    this.frames.push(this.#page.frame(write))
  }

  #open(kind: number, fill: () => void): void {
    this.#page.lastId++
    this.#writer.byte(kind | ITEM_FLAGS.children)
    fill()
    this.#writer.byte(ITEMS.end)
  }

  #node(node: Parsed, disguise: Disguise): void {
    if (node.text !== undefined) return this.#page.text(node.text)
    const { kind, namespace, name } = disguise(node)
    const children = () => {
      for (const child of node.children) this.#node(child, disguise)
    }
    // The copy refuses children where it shows none, and with them the frame: they come after.
    const closed = isOpaque(namespace, name)
    const id = this.#page.element(name, node.attributes, closed ? () => {} : children, kind, namespace ?? '')
    if (closed) children()
    if (namespace !== node.namespace || name !== node.name) return
    if (name === 'dialog') this.#top.push([id, TOP_LAYER.modal])
    if (node.attributes.some(([attribute]) => attribute === 'popover')) this.#top.push([id, TOP_LAYER.popover])
  }
}

/** Whether bytes from the desk are an answer to a content frame: its sequence. */
export function ackOf(bytes: Buffer): number | undefined {
  return bytes[0] === FRAME_KINDS.ack ? bytes.readUInt32BE(4) : undefined
}

/** Whether the desk asks for a stream anew. */
export function isRestart(bytes: Buffer): boolean {
  return bytes[0] === FRAME_KINDS.restart
}
