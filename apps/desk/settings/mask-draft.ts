/** A rule as it is edited: every field is a text. */
export interface DraftRule {
  /** For this page only. */
  id: number
  name: string
  /** One address a line. */
  url: string
  maskType: MaskType
  maskCssSelectors: string
  maskHTMLAttributes: string
  unmaskCssSelectors: string
}

export const MASK_TYPES = ['custom_input', 'all_input', 'all'] as const
export type MaskType = (typeof MASK_TYPES)[number]

export const DETECTORS = ['card', 'iban', 'email'] as const
export type Detector = (typeof DETECTORS)[number]

export interface Draft {
  rules: DraftRule[]
  detectors: Detector[]
}

/** What the server says and takes. */
export interface MaskBody {
  rules: {
    name: string
    url?: string[]
    mask_type?: MaskType
    mask_css_selectors?: string
    mask_html_attributes?: string
    unmask_css_selectors?: string
  }[]
  detectors: Detector[]
}

let lastId = 0

export function newRule(name: string): DraftRule {
  return {
    id: ++lastId,
    name,
    url: '',
    maskType: 'custom_input',
    maskCssSelectors: '',
    maskHTMLAttributes: '',
    unmaskCssSelectors: '',
  }
}

export function toDraft({ rules, detectors }: MaskBody): Draft {
  return {
    detectors,
    rules: rules.map((rule) => ({
      id: ++lastId,
      name: rule.name,
      url: (rule.url ?? []).join('\n'),
      maskType: rule.mask_type ?? 'custom_input',
      maskCssSelectors: rule.mask_css_selectors ?? '',
      maskHTMLAttributes: rule.mask_html_attributes ?? '',
      unmaskCssSelectors: rule.unmask_css_selectors ?? '',
    })),
  }
}

export function toBody({ rules, detectors }: Draft): MaskBody {
  return {
    detectors,
    rules: rules.map((rule) => ({
      name: rule.name.trim(),
      ...(rule.url.trim() ? { url: addressesOf(rule) } : {}),
      ...(rule.maskType === 'custom_input' ? {} : { mask_type: rule.maskType }),
      ...(rule.maskCssSelectors.trim() ? { mask_css_selectors: rule.maskCssSelectors.trim() } : {}),
      ...(rule.maskHTMLAttributes.trim() ? { mask_html_attributes: rule.maskHTMLAttributes.trim() } : {}),
      ...(rule.unmaskCssSelectors.trim() ? { unmask_css_selectors: rule.unmaskCssSelectors.trim() } : {}),
    })),
  }
}

export function addressesOf({ url }: DraftRule): string[] {
  return url.split(/\s+/).filter(Boolean)
}

/** What can be wrong with a rule, as the texts call it. */
export type Fault = 'name' | 'url' | 'selectors' | 'attributes' | 'unmask' | 'nothing'

const FAULT_OF: Record<string, Fault> = {
  name: 'name',
  url: 'url',
  maskCssSelectors: 'selectors',
  mask_css_selectors: 'selectors',
  maskHTMLAttributes: 'attributes',
  mask_html_attributes: 'attributes',
  unmaskCssSelectors: 'unmask',
  unmask_css_selectors: 'unmask',
}

/** What is wrong in the setting that the server or the mask gate names, `nothing` for the rule as a whole. */
export function faultOf(setting: string): Fault {
  return FAULT_OF[setting] ?? 'nothing'
}

/** What can be seen of a rule without a browser's selectors. */
export function findPlainFault(rule: DraftRule, all: readonly DraftRule[]): Fault | undefined {
  const name = rule.name.trim()
  if (!name || name.length > 80 || all.some((other) => other.id !== rule.id && other.name.trim() === name))
    return 'name'
  if (!addressesOf(rule).every((one) => /^(https?:\/\/)?[^\s/?#]*\/\S*$/.test(one))) return 'url'
  const { maskType, maskCssSelectors, maskHTMLAttributes, unmaskCssSelectors } = rule
  const does = maskCssSelectors.trim() || maskHTMLAttributes.trim() || unmaskCssSelectors.trim()
  return does || maskType !== 'custom_input' ? undefined : 'nothing'
}

/** One difference between two sets of rules; `name` is the rule's. */
export interface Change {
  what: 'added' | 'changed' | 'deleted' | 'detectors'
  name: string
}

/** What somebody did who made `after` of `before`. Rules are the same by their names. */
export function listChanges(before: MaskBody, after: MaskBody): Change[] {
  const [old, now] = [before, after].map(({ rules }) => new Map(rules.map((rule) => [rule.name, JSON.stringify(rule)])))
  const changes: Change[] = []
  for (const [name, rule] of now ?? [])
    if (!old?.has(name)) changes.push({ what: 'added', name })
    else if (old.get(name) !== rule) changes.push({ what: 'changed', name })
  for (const name of old?.keys() ?? []) if (!now?.has(name)) changes.push({ what: 'deleted', name })
  if (String([...before.detectors].sort()) !== String([...after.detectors].sort()))
    changes.push({ what: 'detectors', name: '' })
  return changes
}
