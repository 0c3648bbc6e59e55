import { Mask } from './mask.ts'
import { type MaskRules, readRules, resolveRules, splitSteps } from './mask-rules.ts'
import * as quiet from './quiet-css.ts'

/** The mask of a framed page: that of the page around it, and its own. What either masks is masked, and only its own
 *  rules open it. Throws `MaskError` for a rule of either that is not valid. `base` is what was decided for the iframe. */
export function compileGuestMask(around: readonly MaskRules[], base: number, own?: MaskRules): Mask {
  const [inner] = resolveRules({ piiMask: own }, location.href)
  // What stands above the iframe is not known here, so the last parts of a rule with ancestors are enough.
  return new Mask([...around.map((layer) => readRules(layer, endings)), readRules(inner!)], quiet, base)
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
