import { onTestFinished } from 'vitest'
import type { Bounds } from '../replica/bounds.ts'
import { createReplica, type Replica } from '../replica/index.ts'
import { FrameWriter, ITEM_FLAGS, ITEMS, OPS } from '../wire/index.ts'

/** A copy with an `html` of number 2 and a `body` of number 3, and what was left out of it. Closed with the test. */
export async function emptyCopy(bounds: Partial<Bounds> = {}) {
  const told: { partial: number; sizes: { width: number; height: number }[] } = { partial: 0, sizes: [] }
  const replica: Replica = await createReplica(document.body, {
    frameUrl: '/replica',
    bounds,
    onPartial: () => told.partial++,
    onViewport: (size) => told.sizes.push(size),
  })
  onTestFinished(() => replica.close())
  const writer = new FrameWriter()
  const frame = (write: (writer: FrameWriter) => void): Uint8Array => {
    writer.begin()
    write(writer)
    return writer.finish()!
  }
  replica.apply(
    frame(() => {
      writer.byte(OPS.document)
      writer.uint(1)
      writer.byte(0)
      insertAt(writer, 1)
      begin(writer, 'html')
      begin(writer, 'body')
      for (let i = 0; i < 3; i++) writer.byte(ITEMS.end)
    }),
  )
  return { replica, copy: replica.element.contentDocument!, told, frame }
}

export function insertAt(writer: FrameWriter, parent: number, left = 0): void {
  writer.byte(OPS.insert)
  writer.uint(parent)
  writer.uint(left)
}

export function begin(
  writer: FrameWriter,
  name: string,
  attributes: Record<string, string> = {},
  kind: number = ITEMS.html,
): void {
  writer.byte(kind | ITEM_FLAGS.attributes | ITEM_FLAGS.children)
  writer.string(name)
  for (const pair of Object.entries(attributes)) for (const part of pair) writer.string(part)
  writer.none()
}

export function text(writer: FrameWriter, data: string): void {
  writer.byte(ITEMS.text)
  writer.string(data)
}

/** Puts markup into the body as somebody sends it who asks no gate. */
export const markup = (html: string) => (writer: FrameWriter) => {
  const template = document.createElement('template')
  template.innerHTML = html
  insertAt(writer, 3)
  for (const node of template.content.childNodes) writeNode(writer, node)
  writer.byte(ITEMS.end)
}

function writeNode(writer: FrameWriter, node: Node): void {
  if (node instanceof Text) return text(writer, node.data)
  const { localName, attributes, namespaceURI, childNodes } = node as Element
  const kind = namespaceURI === 'http://www.w3.org/2000/svg' ? ITEMS.svg : ITEMS.html
  const wireName = ({ namespaceURI, name }: Attr) => (namespaceURI ? ` ${namespaceURI} ${name}` : name)
  begin(writer, localName, Object.fromEntries([...attributes].map((one) => [wireName(one), one.value])), kind)
  for (const child of childNodes) writeNode(writer, child)
  writer.byte(ITEMS.end)
}
