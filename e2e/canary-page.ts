import { ALWAYS, ATTRIBUTES, FIELDS, RULES, TEXTS } from '../packages/mirror/pair/canaries.ts'
import type { Secrets } from '../packages/mirror/pair/scan.ts'

const MARKUP = { texts: TEXTS, attributes: ATTRIBUTES, fields: FIELDS, always: ALWAYS }

/** Markup with a secret in each kind of place. */
export function plantMarkup(secrets: Secrets, carrier: string, groups = Object.keys(MARKUP)): string {
  return Object.entries(MARKUP)
    .filter(([group]) => groups.includes(group))
    .flatMap(([group, list]) => list.map((pattern) => `<div>${secrets.fill(group, carrier, pattern)}</div>`))
    .join('')
}

/** Rules of sheets with a secret in each kind of place. */
export function plantRules(secrets: Secrets, carrier: string): string[] {
  return RULES.map((pattern) => secrets.fill('rules', carrier, pattern))
}

/** The page as it is loaded. What stands above `.vault` is pressed and typed into. */
export function plantPage(secrets: Secrets): string {
  const word = (carrier: string) => secrets.fill('document', carrier, '$')
  return `<!DOCTYPE html PUBLIC "${word('doctype')}"><html lang="en"><head><title>${word('title')}</title>
    <meta name="description" content="${word('meta')}"><link rel="canonical" href="/${word('canonical link')}">
    <style>body { font: 16px system-ui; margin: 8px } .tried { display: block; margin: 6px }
    ${plantRules(secrets, 'style element').join('\n')}</style>
    <script type="application/json">"${word('JSON in a script')}"</script></head><body>
    <p class="open">opened</p><h2>${word('headline')}</h2>
    <input class="tried" value="${word('field')}"><textarea class="tried"></textarea>
    <div class="tried rich" contenteditable>text</div><input class="tried" type="password">
    <input class="tried card" autocomplete="cc-number"><input class="tried" type="file"><img src="/picture.svg" alt="">
    <div class="vault">${plantMarkup(secrets, 'start')}</div></body></html>`
}
