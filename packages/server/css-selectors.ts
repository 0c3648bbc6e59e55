import { type CssNode, parse, walk } from 'css-tree'

/** Pseudo-classes that every browser of the last years knows. One that a customer's browser does not know would end the
 *  session there. */
const PSEUDO_CLASSES = new Set(
  'active any-link checked default defined dir disabled empty enabled first-child first-of-type focus focus-visible focus-within fullscreen has hover in-range indeterminate invalid is lang last-child last-of-type link not nth-child nth-last-child nth-last-of-type nth-of-type only-child only-of-type optional out-of-range placeholder-shown read-only read-write required root scope target valid visited where'.split(
    ' ',
  ),
)

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
    return 'is not a valid list of CSS selectors'
  }
  let fault: string | undefined
  walk(tree, function visit(node) {
    fault ??= faultOf(node, this.function?.name === 'has')
  })
  return fault
}

function faultOf(node: CssNode, isRelative: boolean): string | undefined {
  switch (node.type) {
    case 'Selector': {
      const kinds = node.children.map(({ type }) => type).toArray()
      const isBare = (at: number) => kinds[at] === 'Combinator' && (kinds[at - 1] ?? 'Combinator') === 'Combinator'
      const isHanging = kinds.at(-1) === 'Combinator' || kinds.some((_, at) => isBare(at) && !(isRelative && at === 0))
      return isHanging ? 'has a combinator with nothing beside it' : undefined
    }
    case 'PseudoElementSelector':
      return 'must name elements, not pseudo-elements'
    case 'PseudoClassSelector':
      if (OLD_PSEUDO_ELEMENTS.has(node.name.toLowerCase())) return 'must name elements, not pseudo-elements'
      return PSEUDO_CLASSES.has(node.name.toLowerCase())
        ? undefined
        : `holds :${node.name}, which not every browser knows`
    case 'TypeSelector':
      return /^[^*]+\|/.test(node.name) ? 'must hold no namespaces' : undefined
    case 'AttributeSelector':
      if (node.name.name.includes('|')) return 'must hold no namespaces'
      return /^[is]?$/i.test(String(node.flags ?? '')) ? undefined : 'is not a valid list of CSS selectors'
    case 'NestingSelector':
    case 'Percentage':
      return 'is not a valid list of CSS selectors'
    default:
      return undefined
  }
}
