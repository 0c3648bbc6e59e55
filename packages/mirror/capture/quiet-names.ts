import type { MaskRules } from './mask-rules.ts'

/** Before an address of which it is not yet known whether it may be asked for. */
export const ASKED = 'asked:'

/** How names in sheets are said, and who learns of which attributes they speak. */
export interface CssNames {
  rename(text: string): string
  /** A selector asks for this attribute. */
  selects(attribute: string): void
  /** A value shows this attribute. */
  shows(attribute: string): void
  /** The address to write for a picture or a font. */
  address(address: string): string | undefined
}

/** A list of selectors whose ancestors are also found across the borders of shadow roots and frames. */
export interface Selectors {
  /** The list as the browser takes it; empty for none. */
  readonly text: string
  /** Whether a node that moves can bring a decision for what is below it. */
  readonly looksUp: boolean
  matches(element: Element): boolean
  /** The elements of a root that the list names. */
  within(root: Document | ShadowRoot): Iterable<Element>
}

/** Rules as they are asked: of one layer, whose unmasking opens only what it masks itself. */
export interface RuleSet {
  /** Whether everything is masked that is not unmasked. */
  all: boolean
  detectors: readonly string[]
  masked: Selectors
  unmasked: Selectors
  /** All that people type into, where that is masked. */
  fields: Selectors
}

/** Hides what looks like a number or address that a rule names, where the rest is open. */
export interface Detector {
  text(node: CharacterData): string
  attribute(name: string, value: string): string
  /** What somebody types. */
  value(value: string): string
  /** The texts that may say something else after these changes. */
  beside(records: readonly MutationRecord[]): Iterable<CharacterData>
}

/** What decisions depend on, by all layers of rules. */
export interface Survey {
  /** Whether a decision can differ between two elements. */
  selective: boolean
  detector: Detector | undefined
  dependsOnStructure: boolean
  dependsOnState: boolean
  looksUp: boolean
  /** Attributes that the rules speak of. Undefined when a pseudo-class may depend on any. */
  attributes: ReadonlySet<string> | undefined
}

/** What rules need; a part of its own (`quiet-css.ts`), for pages that have any. */
export interface MaskPart {
  resolveRules: typeof import('./mask-rules.ts').resolveRules
  readRules(rules: MaskRules): RuleSet
  survey(layers: readonly RuleSet[]): Survey
  quietSheet(css: string, pictures: boolean, names: CssNames): string
  quietDeclarations(css: string, pictures: boolean, names: CssNames): string
  attributeRole: typeof import('./vocabulary.ts').attributeRole
  maySayMasked(name: string, value: string): boolean
  safeMedia(media: string): string
}
