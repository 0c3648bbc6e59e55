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

/** What makes sheets say nothing; a part of its own (`quiet-css.ts`), for pages that have rules. */
export interface QuietCss {
  quietSheet(css: string, pictures: boolean, names: CssNames): string
  quietDeclarations(css: string, pictures: boolean, names: CssNames): string
}
