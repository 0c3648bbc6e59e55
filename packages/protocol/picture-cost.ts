// An SVG picture is drawn by the browser, out of reach of all that bounds a page. What it would cost is told from its text,
// because nothing can stop a browser that draws it.

/** Nodes that one may draw, each as often as it is shown. Drawings of maps and screens have some ten thousand. */
const MAX_NODES = 100_000

/** What its filters may take for a screen, in ms of a slow computer: a dozen of the shadows that editors write. */
const MAX_FILTER_MS = 1_500

/** What one part of a filter takes for a screen, in ms of a slow computer, by its attributes. */
const PARTS: Readonly<Record<string, (attributes: string) => number>> = {
  feTurbulence: (attributes) => 3 * number(attributes, 'numOctaves', 1),
  feMorphology: (attributes) => 300 + 6 * number(attributes, 'radius', 0),
  feGaussianBlur: (attributes) => blurred(number(attributes, 'stdDeviation', 0)),
  feDropShadow: (attributes) => blurred(number(attributes, 'stdDeviation', 2)),
  feConvolveMatrix: (attributes) => 13 * number(attributes, 'order', 3) ** 2,
}

const OTHER_PART_MS = 10

/** What a function of CSS that blurs takes. */
const BLUR_MS = 25

const blurred = (deviation: number) => Math.min(300, 30 + 3 * deviation)

function number(attributes: string, name: string, initial: number): number {
  const [, value = ''] = new RegExp(`\\s${name}\\s*=\\s*["']\\s*([^"']*)`).exec(attributes) ?? []
  const first = Number.parseFloat(value)
  return first >= 0 ? first : initial
}

interface Part {
  nodes: number
  filter: number
  /** What it shows, by name. */
  names: string[]
  children: Part[]
}

/** An entity whose value becomes more than text. */
const ENTITY = /<!ENTITY\s+(?:%\s+)?[\w.:-]+\s+(?:"[^"]*[<&%]|'[^']*[<&%])/

const TAG = /<(\/?)([\w.-]+:)?([\w.-]+)((?:[^<>"']|"[^"]*"|'[^']*')*)>/g
const NAMED = /(?:href\s*=\s*["']\s*|url\(\s*["']?\s*)#([^"')\s]+)/g

/** Whether a browser would draw an SVG picture for longer than somebody waits: what shows itself in itself, filters upon
 *  filters, entities that become markup, pictures of the same kind within. */
export function isCostlyPicture(svg: string): boolean {
  const text = svg.replace(/&#(x?)([\da-f]{1,6});/gi, (_, hex, code) => {
    const point = Number.parseInt(code, hex ? 16 : 10)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
  if (ENTITY.test(text) || /data:image\/svg/i.test(text)) return true
  const named = new Map<string, Part>()
  const root: Part = { nodes: 0, filter: 0, names: [], children: [] }
  const open = [root]
  for (const [tag, closing, , name = '', attributes = ''] of text.matchAll(TAG)) {
    if (closing) {
      if (open.length > 1) open.pop()
      continue
    }
    const of = PARTS[name]
    const filter = of ? of(attributes) : name.startsWith('fe') ? OTHER_PART_MS : 0
    const part: Part = { nodes: 1, filter, names: [], children: [] }
    for (const [, shown] of attributes.matchAll(NAMED)) part.names.push(shown!)
    const [, id] = /\sid\s*=\s*["']([^"']*)/.exec(attributes) ?? []
    if (id !== undefined && !named.has(id)) named.set(id, part)
    open.at(-1)!.children.push(part)
    if (!tag.endsWith('/>')) open.push(part)
  }
  // What rules show, they show at least once.
  for (const [, css = ''] of text.matchAll(/<style\b[^>]*>([^<]*)/g)) {
    for (const [, shown] of css.matchAll(NAMED)) root.names.push(shown!)
    root.filter += BLUR_MS * (css.split(/blur\(|drop-shadow\(/).length - 1)
  }
  const { nodes, filter } = sum(root, named, new Map(), 0)
  return nodes > MAX_NODES || filter > MAX_FILTER_MS
}

type Sum = Pick<Part, 'nodes' | 'filter'>

const ENDLESS: Sum = { nodes: Number.POSITIVE_INFINITY, filter: 0 }

/** Deeper than a browser draws. */
const MAX_DEPTH = 500

/** A part with all that it holds and shows. Known ones are counted once, and those that show themselves not again. */
function sum(part: Part, named: ReadonlyMap<string, Part>, known: Map<Part, Sum>, depth: number): Sum {
  const before = known.get(part)
  if (before) return before
  if (depth > MAX_DEPTH) return ENDLESS
  const total: Sum = { nodes: part.nodes, filter: part.filter }
  known.set(part, { nodes: 0, filter: 0 })
  const shown = part.names.flatMap((name) => named.get(name) ?? [])
  for (const inner of [...part.children, ...shown]) {
    const { nodes, filter } = sum(inner, named, known, depth + 1)
    total.nodes += nodes
    total.filter += filter
  }
  known.set(part, total)
  return total
}
