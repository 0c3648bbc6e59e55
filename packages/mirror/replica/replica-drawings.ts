import type { Budget } from './bounds.ts'

/** An SVG picture that carries itself, in an attribute or in CSS that was rewritten: there it is in double quotes. */
const EMBEDDED = /data:image\/svg\+xml([^,"]*),([^"]*)/gi

/** Shows nothing. */
const NO_PICTURE = 'data:,'

/** SVG pictures that carry themselves. What is in them no bound of the page reaches. */
export class ReplicaDrawings {
  readonly #isCostly: (svg: string) => boolean
  readonly #budget: Budget

  constructor(isCostly: (svg: string) => boolean, budget: Budget) {
    this.#isCostly = isCostly
    this.#budget = budget
  }

  /** An attribute or CSS without those that would take long to draw. */
  shown(text: string): string {
    return text.replace(EMBEDDED, (picture, parameters: string, content: string) => {
      const isShown = this.#budget.allows(!this.#isCostly(decode(plain(content), parameters)))
      return isShown ? picture : NO_PICTURE
    })
  }
}

/** Without the escapes of CSS. */
const plain = (text: string) =>
  text.replace(/\\([\da-f]{1,6}) ?/gi, (_, code) => String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)))

function decode(content: string, parameters: string): string {
  const text = content.replace(/%([\da-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
  if (!/;\s*base64\s*$/i.test(parameters)) return text
  try {
    return atob(text)
  } catch {
    // No browser shows it either.
    return ''
  }
}
