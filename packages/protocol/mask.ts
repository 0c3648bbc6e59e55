/** What detectors find in texts, attributes and fields; all are off unless named. */
export const DETECTORS = ['card', 'iban', 'email'] as const
export type Detector = (typeof DETECTORS)[number]

export const MASK_TYPES = ['custom_input', 'all_input', 'all'] as const

/** One rule of masking. What it does not hold, it does not change. */
export interface MaskRule {
  /** How errors, the desk and the audit call it; one of its kind in a key. */
  name: string
  /** Addresses where it counts, with `*` for any characters; everywhere when left out. */
  url?: string[]
  maskType?: (typeof MASK_TYPES)[number]
  maskCssSelectors?: string
  maskHTMLAttributes?: string
  unmaskCssSelectors?: string
}

/** What a key masks on every page, beside what the page itself masks. No page opens what it masks. */
export interface KeyMask {
  rules: MaskRule[]
  detectors: Detector[]
}
