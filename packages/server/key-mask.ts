import { DETECTORS, type KeyMask, MASK_TYPES, type MaskRule } from '@alongside/protocol'
import { z } from 'zod'
import { selectorFault } from './css-selectors.ts'

/** More rules than a person keeps in view; each costs the customer's page a look at its elements. */
const MAX_RULES = 100
const MAX_LIST = 2_000

/** What HTTP takes: rules that a file brought could not be saved on the desk otherwise. */
const MAX_BYTES = 16 * 1024

export const NO_MASK: KeyMask = { rules: [], detectors: [] }

const selectors = z
  .string()
  .max(MAX_LIST, `must have at most ${MAX_LIST} characters`)
  .superRefine((list, context) => {
    const fault = list.trim() ? selectorFault(list) : 'must not be empty: leave it out'
    if (fault) context.addIssue({ code: 'custom', message: fault })
  })

const pairs = z
  .string()
  .max(MAX_LIST, `must have at most ${MAX_LIST} characters`)
  .refine(
    (list) => list.split(',').every((pair) => /^\s*[^\s=\]"'>/]+\s*=/.test(pair)),
    'must be name=value pairs with commas between them',
  )

const fields = {
  name: z
    .string()
    .regex(/^[^\p{C}\s]([^\p{C}]{0,78}[^\p{C}\s])?$/u, 'must have 1 to 80 characters, without spaces around them'),
  url: z
    .array(
      z
        .string()
        .regex(/^(https?:\/\/)?[^\s/?#]*\/\S{0,499}$/, 'must be a path such as /account/*, or a host and a path'),
    )
    .min(1, 'must name an address: leave it out for all')
    .max(20, 'must have at most 20 entries')
    .exactOptional(),
  type: z.enum(MASK_TYPES, `must be one of ${MASK_TYPES.join(', ')}`).exactOptional(),
  selectors: selectors.exactOptional(),
  pairs: pairs.exactOptional(),
}

const detectors = z.array(z.enum(DETECTORS, `must be of ${DETECTORS.join(', ')}`)).max(DETECTORS.length)

function checkRules(rules: readonly { name: string; url?: string[] | undefined }[], context: z.RefinementCtx): void {
  for (const [at, rule] of rules.entries()) {
    const { name, url: _, ...does } = rule
    if (rules.findIndex((other) => other.name === name) < at)
      context.addIssue({ code: 'custom', path: [at, 'name'], message: 'is there twice: each rule needs its own' })
    if (Object.keys(does).length === 0)
      context.addIssue({
        code: 'custom',
        path: [at],
        message: 'masks nothing: give it selectors, attributes or a type',
      })
  }
}

/** The rules of a key as an administrator writes them into the configuration. */
export const keyMaskSchema = z
  .strictObject({
    rules: z
      .array(
        z.strictObject({
          name: fields.name,
          url: fields.url,
          maskType: fields.type,
          maskCssSelectors: fields.selectors,
          maskHTMLAttributes: fields.pairs,
          unmaskCssSelectors: fields.selectors,
        }),
      )
      .max(MAX_RULES)
      .superRefine(checkRules)
      .default([]),
    detectors: detectors.default([]),
  })
  .refine((mask) => Buffer.byteLength(JSON.stringify(toBody(mask))) <= MAX_BYTES, {
    error:
      'must have at most 16 KB as JSON with the names that it has over HTTP, or the desk could not save it: join rules, or shorten their selectors',
  })

/** The same over HTTP. */
export const maskBody = z
  .strictObject({
    rules: z
      .array(
        z.strictObject({
          name: fields.name.describe('How errors and the desk call it; one of its kind.'),
          url: fields.url.describe('Addresses where it counts, such as /account/*; everywhere when left out.'),
          mask_type: fields.type.describe('all_input: every field; all: everything but what is unmasked.'),
          mask_css_selectors: fields.selectors.describe('What these name is masked.'),
          mask_html_attributes: fields.pairs.describe('name=value pairs; elements with one of them are masked.'),
          unmask_css_selectors: fields.selectors.describe('Opens what rules of the key mask, where it is closer.'),
        }),
      )
      .max(MAX_RULES)
      .superRefine(checkRules),
    detectors: detectors.describe('What is found in texts and fields by its form.'),
  })
  .describe('What the key masks on every page, beside what the page itself masks.')
export type MaskBody = z.infer<typeof maskBody>

export function fromBody({ rules, detectors }: MaskBody): KeyMask {
  return {
    rules: rules.map(({ mask_type, mask_css_selectors, mask_html_attributes, unmask_css_selectors, ...rule }) =>
      defined({
        ...rule,
        maskType: mask_type,
        maskCssSelectors: mask_css_selectors,
        maskHTMLAttributes: mask_html_attributes,
        unmaskCssSelectors: unmask_css_selectors,
      }),
    ),
    detectors,
  }
}

export function toBody({ rules, detectors }: KeyMask = NO_MASK): MaskBody {
  return {
    rules: rules.map(({ maskType, maskCssSelectors, maskHTMLAttributes, unmaskCssSelectors, ...rule }: MaskRule) =>
      defined({
        ...rule,
        mask_type: maskType,
        mask_css_selectors: maskCssSelectors,
        mask_html_attributes: maskHTMLAttributes,
        unmask_css_selectors: unmaskCssSelectors,
      }),
    ),
    detectors: [...detectors],
  }
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}
