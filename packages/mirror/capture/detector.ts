import { findAll } from './detectors.ts'
import {
  data,
  firstChild,
  localName,
  NODE_ELEMENT,
  NODE_TEXT,
  nextSibling,
  nodeType,
  parentNode,
  previousSibling,
} from './natives.ts'
import { neutral } from './neutral.ts'
import type { Detector } from './quiet-names.ts'

/** Elements across whose borders one text goes on. Those of the page's own are so unless a sheet says otherwise. */
const INLINE =
  /-|^(a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr|tspan)$/

/** What is looked at to either side of a text: longer than any IBAN with its spaces. */
const REACH = 100

/** Attributes that draw, and addresses that are never sent. */
const SKIPPED = /^(d|points|viewbox|values|transform|src|srcset|poster|class|id)$/

/** Hides what is found by its form. */
export function createDetector(names: readonly string[]): Detector {
  return {
    text(node) {
      const own = data(node)
      const before = joined(node, previousSibling)
      const text = before + own + joined(node, nextSibling)
      return hide(own, text, before.length, names)
    },
    attribute: (name, value) => (SKIPPED.test(name.toLowerCase()) ? value : hide(value, value, 0, names)),
    value: (value) => hide(value, value, 0, names, true),
    *beside(records) {
      for (const { type, target, previousSibling, nextSibling, addedNodes } of records)
        if (type === 'characterData') yield* around(target)
        else if (type === 'childList')
          for (const node of [previousSibling, nextSibling, ...addedNodes]) if (node) yield* around(node)
    },
  }
}

/** The texts in a node, and to both sides of it as far as something that is found can reach. */
function* around(node: Node): Iterable<CharacterData> {
  yield* inner(node, nextSibling)
  for (const way of [previousSibling, nextSibling]) {
    let room = REACH
    for (const text of beyond(node, way)) {
      yield text
      room -= data(text).length
      if (room <= 0) break
    }
  }
}

/** `own` stands at `at` in `text`. */
function hide(own: string, text: string, at: number, names: readonly string[], isTyped = false): string {
  const hidden = new Array<boolean>(own.length)
  let some = false
  for (const [start, end] of findAll(text, names, isTyped))
    for (let i = Math.max(0, start - at); i < Math.min(own.length, end - at); i++) hidden[i] = some = true
  if (!some) return own
  let out = ''
  for (let from = 0, to = 0; from < own.length; from = to) {
    while (to < own.length && hidden[to] === hidden[from]) to++
    const piece = own.slice(from, to)
    out += hidden[from] ? neutral(piece) : piece
  }
  return out
}

type Way = (node: Node) => Node | null

/** What can be read to one side of a text, without a break. */
function joined(node: Node, way: Way): string {
  let text = ''
  for (const next of beyond(node, way)) {
    text = way === nextSibling ? text + data(next) : data(next) + text
    if (text.length >= REACH) break
  }
  return text
}

/** The texts that follow a node to one side, as far as one text goes on. */
function* beyond(node: Node, way: Way): Iterable<CharacterData> {
  for (let at: Node | null = node; at; at = parentNode(at)) {
    if (at !== node && !isInline(at)) return
    for (let next = way(at); next; next = way(next)) {
      if (nodeType(next) === NODE_ELEMENT && !isInline(next)) return
      yield* inner(next, way)
    }
  }
}

/** The texts in a node, up to a break. */
function* inner(node: Node, way: Way): Iterable<CharacterData> {
  if (nodeType(node) === NODE_TEXT) yield node as CharacterData
  else if (isInline(node)) for (let at = edge(node, way); at; at = way(at)) yield* inner(at, way)
}

function edge(node: Node, way: Way): Node | null {
  let child: Node | null = firstChild(node)
  if (way === previousSibling) for (let next = child; next; next = nextSibling(next)) child = next
  return child
}

const isInline = (node: Node) => nodeType(node) === NODE_ELEMENT && INLINE.test(localName(node as Element))
