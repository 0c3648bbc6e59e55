import { takes } from './css-own.ts'

const FREE = /^/
const COUNT = /^\d{1,4}$/

/** What a field of the always-on set says of itself on a page without rules: the names that its style goes by, its kind,
 *  size and state. A page with rules brings a vocabulary (`vocabulary.ts`), which says a little more. */
const SAID: Record<string, RegExp> = {
  __proto__: null as never,
  class: FREE,
  id: FREE,
  part: FREE,
  slot: FREE,
  type: /^(password|text|tel|number|email|search|url|hidden|file|date|month|time)$/i,
  dir: /^(ltr|rtl|auto)$/i,
  rows: COUNT,
  cols: COUNT,
  size: COUNT,
}

const SWITCHES = /^(disabled|hidden|inert|multiple|readonly|required)$/

export function lockedAttribute(name: string, value: string): string | undefined {
  if (name === 'style') return plainDeclarations(value)
  if (SWITCHES.test(name)) return ''
  return SAID[name]?.test(value) ? value : undefined
}

/** Of the declarations of a masked element those in which CSS's own words and measures stand alone. */
function plainDeclarations(style: string): string {
  return style
    .split(';')
    .filter((declaration) => {
      const [, name = '', value = ''] = /^\s*(?!--)([a-z-]+)\s*:((?!.*--)[\w\s.,%#+-]{1,60})$/i.exec(declaration) ?? []
      return takes(name, value) && !takesNames(name, value)
    })
    .join(';')
}

/** Whether the page chose a word of the value: another word would do as well. */
function takesNames(name: string, value: string): boolean {
  return [...value.matchAll(/[a-z][\w-]*/gi)].some(({ 0: word, index }) =>
    takes(name, `${value.slice(0, index)}zz${value.slice(index + word.length)}`),
  )
}
