import { type CssNode, type PseudoClassSelector, parse, type WalkContext, walk } from 'css-tree'

/** Pseudo-classes that every browser of the last years knows. One that a customer's browser does not know would end the
 *  session there. */
const PSEUDO_CLASSES = new Set(
  'active any-link checked default defined dir disabled empty enabled first-child first-of-type focus focus-visible focus-within fullscreen has hover in-range indeterminate invalid is lang last-child last-of-type link not nth-child nth-last-child nth-last-of-type nth-of-type only-child only-of-type optional out-of-range placeholder-shown read-only read-write required root scope target valid visited where'.split(
    ' ',
  ),
)

const INVALID = 'is not a valid list of CSS selectors'

/** Those of them that take something in brackets, and must. */
const FUNCTIONS = /^(dir|has|is|lang|not|where|nth-(last-)?(child|of-type))$/

/** How an identifier begins: `#1a` is a token of CSS, but no selector. */
const IDENTIFIER = /^(--|-?([_a-z\u0080-\uffff]|\\))/i

/** Pseudo-elements that CSS 2 wrote with one colon. */
const OLD_PSEUDO_ELEMENTS = new Set(['before', 'after', 'first-line', 'first-letter'])

/** Why a list of selectors cannot be used by every browser, as the end of a sentence that its name begins. Undefined
 *  when it can. Stricter than browsers, which forgive where a rule would then mask nothing. */
export function selectorFault(list: string): string | undefined {
  if (list.includes('/*')) return 'must hold no comments'
  if (/(^|,)\s*(,|$)/.test(list)) return 'has an empty place in its list'
  let tree: CssNode
  try {
    tree = parse(list, { context: 'selectorList' })
  } catch {
    return INVALID
  }
  let fault: string | undefined
  let has = 0
  walk(tree, {
    enter(this: WalkContext, node: CssNode) {
      if (isHas(node) && ++has > 1) fault ??= 'has a :has() in another one'
      fault ??= faultOf(node, this.function?.name === 'has')
    },
    leave(node: CssNode) {
      if (isHas(node)) has--
    },
  })
  return fault
}

function isHas(node: CssNode): boolean {
  return node.type === 'PseudoClassSelector' && node.name.toLowerCase() === 'has'
}

function hasRightBrackets({ name, children }: PseudoClassSelector): boolean {
  if (!FUNCTIONS.test(name.toLowerCase())) return children === null
  // `of` in the brackets is for children alone.
  const isNested = children?.some((child) => child.type === 'Nth' && child.selector !== null)
  return children !== null && !children.isEmpty && !(isNested && /type$/i.test(name))
}

function faultOf(node: CssNode, isRelative: boolean): string | undefined {
  switch (node.type) {
    case 'Selector': {
      const kinds = node.children.map(({ type }) => type).toArray()
      const isBare = (at: number) => kinds[at] === 'Combinator' && (kinds[at - 1] ?? 'Combinator') === 'Combinator'
      const isHanging = kinds.at(-1) === 'Combinator' || kinds.some((_, at) => isBare(at) && !(isRelative && at === 0))
      if (isHanging) return 'has a combinator with nothing beside it'
      const isLate = (at: number) => kinds[at] === 'TypeSelector' && at > 0 && kinds[at - 1] !== 'Combinator'
      return kinds.some((_, at) => isLate(at)) ? INVALID : undefined
    }
    case 'PseudoElementSelector':
      return 'must name elements, not pseudo-elements'
    case 'PseudoClassSelector':
      if (OLD_PSEUDO_ELEMENTS.has(node.name.toLowerCase())) return 'must name elements, not pseudo-elements'
      if (!PSEUDO_CLASSES.has(node.name.toLowerCase())) return `holds :${node.name}, which not every browser knows`
      return hasRightBrackets(node) ? undefined : INVALID
    case 'IdSelector':
      return IDENTIFIER.test(node.name) ? undefined : INVALID
    case 'TypeSelector':
      return /^[^*]+\|/.test(node.name) ? 'must hold no namespaces' : undefined
    case 'AttributeSelector':
      if (node.name.name.includes('|')) return 'must hold no namespaces'
      return /^i?$/i.test(String(node.flags ?? '')) ? undefined : INVALID
    case 'NestingSelector':
    case 'Percentage':
      return INVALID
    default:
      return undefined
  }
}
