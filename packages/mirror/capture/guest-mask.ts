import { MASK, Mask } from './mask.ts'
import {
  FIELD_LIST,
  MaskError,
  type MaskRules,
  readPairs,
  readSelectors,
  SelectorList,
  splitSteps,
} from './mask-rules.ts'
import * as quiet from './quiet-css.ts'

const STRICTNESS = ['custom_input', 'all_input', 'all'] as const

/** The mask of a framed page: that of the page around it, and its own. What either masks is masked. Throws `MaskError`
 *  for a rule of either that is not valid. `base` is what was decided for the iframe. */
export function compileGuestMask(around: MaskRules, base: number, own: MaskRules = { maskType: 'custom_input' }): Mask {
  const sides = [
    // What stands above the iframe is not known here, so the last parts of a rule with ancestors are enough.
    { rules: around, masked: readMasked(around).flatMap(endings) },
    { rules: own, masked: readMasked(own) },
  ]
  for (const { rules } of sides)
    if (!STRICTNESS.includes(rules.maskType))
      throw new MaskError('maskType', `maskType must be one of ${STRICTNESS.join(', ')}`)
  sides.sort((a, b) => STRICTNESS.indexOf(b.rules.maskType) - STRICTNESS.indexOf(a.rules.maskType))
  const [strict, mild] = sides as [(typeof sides)[0], (typeof sides)[0]]
  const unmasked = readSelectors('unmaskCssSelectors', strict.rules.unmaskCssSelectors)
  readSelectors('unmaskCssSelectors', mild.rules.unmaskCssSelectors)
  return new GuestMask(
    strict.rules.maskType,
    [...strict.masked, ...mild.masked],
    // What both mask by their type, one side's list cannot open alone.
    mild.rules.maskType === 'custom_input' ? unmasked : [],
    mild.masked,
    base,
  )
}

/** A mask with selectors that no rule lifts, and that may begin masked. */
class GuestMask extends Mask {
  readonly #firm: SelectorList

  constructor(
    maskType: MaskRules['maskType'],
    masked: readonly string[],
    unmasked: readonly string[],
    firm: readonly string[],
    base: number,
  ) {
    super(
      maskType,
      { masked: new SelectorList(masked), unmasked: new SelectorList(unmasked), fields: FIELD_LIST },
      quiet,
      base,
    )
    this.#firm = new SelectorList(firm)
  }

  override enter(element: Element, inherited: number, tag?: string): number {
    return this.#firm.matches(element) ? MASK.locked : super.enter(element, inherited, tag)
  }
}

function readMasked({ maskCssSelectors, maskHTMLAttributes }: MaskRules): string[] {
  return [...readSelectors('maskCssSelectors', maskCssSelectors), ...readPairs(maskHTMLAttributes)]
}

/** A selector, and what is left of it when its first parts match outside. */
function endings(selector: string): string[] {
  const steps = splitSteps(selector)
  return steps.flatMap(({ combinator }, i) => {
    if (i > 0 && (combinator === '+' || combinator === '~')) return []
    const rest = steps.slice(i)
    return rest.map(({ compound, combinator }, at) => (at === 0 ? compound : `${combinator}${compound}`)).join('')
  })
}
