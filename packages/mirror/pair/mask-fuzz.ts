import { mulberry32 } from './fuzz.ts'

/** The rules that the edits play with. */
export const RULES = {
  maskType: 'custom_input',
  maskCssSelectors: '.m, .deep .q',
  maskHTMLAttributes: 'data-private=yes',
  unmaskCssSelectors: '.o',
} as const

const CLASSES = ['m', 'o', 'deep', 'q', 'plain']

/** Seeded edits of a page in which every text is a word of its own: `zq…xw` where it is content, `zn…xw` where it is a
 *  name that nobody may ever read. Knows by itself, without capture, which places are masked. */
export class MaskFuzz {
  readonly #page: Document
  readonly #random: () => number
  readonly #passwords = new Set<Element>()
  #words = 0

  constructor(page: Document, seed: number) {
    this.#page = page
    this.#random = mulberry32(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  step(): void {
    const edits = [
      this.#add,
      this.#add,
      this.#add,
      this.#move,
      this.#move,
      this.#wrap,
      this.#flip,
      this.#flip,
      this.#flip,
      this.#text,
      this.#text,
      this.#attribute,
      this.#value,
      this.#lock,
      this.#sheet,
      this.#shadow,
      this.#frame,
      this.#remove,
      this.#adopt,
      this.#property,
      this.#template,
      this.#again,
      this.#cut,
      this.#title,
    ]
    edits[this.below(edits.length)]!.call(this)
  }

  /** Whether what an element holds may leave the page. */
  isOpen(element: Element): boolean {
    const chain: Element[] = []
    for (let at: Element | null = element; at; at = outer(at)) chain.unshift(at)
    let open = true
    for (const [i, at] of chain.entries()) {
      if (at.matches('[type=hidden],[autocomplete=cc-number],datalist') || this.#passwords.has(at)) return false
      const isDeep = at.classList.contains('q') && chain.slice(0, i).some((above) => above.classList.contains('deep'))
      if (at.matches('.m,[data-private=yes]') || isDeep) open = false
      else if (at.classList.contains('o')) open = true
    }
    return open
  }

  #word(kind: 'zq' | 'zn' = 'zq'): string {
    return `${kind}${this.#words++}xw`
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  #roots(): (HTMLElement | ShadowRoot)[] {
    const found: (HTMLElement | ShadowRoot)[] = [this.#page.body]
    for (const root of found)
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) found.push(element.shadowRoot)
        const inner = (element as HTMLIFrameElement).contentDocument
        if (inner?.body) found.push(inner.body)
      }
    return found
  }

  #elements(): Element[] {
    return this.#roots().flatMap((root) => [...root.querySelectorAll('*')])
  }

  #parent(): Element | ShadowRoot {
    const containers = this.#elements().filter(({ localName }) => /^(div|section|p|b)$/.test(localName))
    return this.#pick([...this.#roots(), ...containers])
  }

  #add(): void {
    const parent = this.#parent()
    const classes = () => `${this.#pick(CLASSES)} ${this.#word('zn')}`
    const html = this.#pick([
      () => `<p class="${classes()}" title="${this.#word()}">${this.#word()}<b>${this.#word()}</b></p>`,
      () => `<div class="deep"><b class="q">${this.#word()}</b>${this.#word()}</div>`,
      () => `<section id="${this.#word('zn')}" data-own="${this.#word('zn')}"><p>${this.#word()}</p></section>`,
      () => `<input class="${classes()}" value="${this.#word()}" placeholder="${this.#word()}">`,
      () => `<input type="checkbox" checked title="${this.#word()}">`,
      () => `<textarea>${this.#word()}</textarea>`,
      () => `<select title="${this.#word()}"><option label="${this.#word()}">${this.#word()}</option></select>`,
      () => `<svg><title>${this.#word()}</title><text>${this.#word()}</text></svg>`,
      () => `<!--${this.#word('zn')}--><img alt="${this.#word()}">`,
      () => `<div data-private="${this.#pick(['yes', 'no'])}">${this.#word()}</div>`,
    ])()
    const holder = this.#page.createElement('div')
    holder.innerHTML = html
    parent.append(...holder.childNodes)
    // The page must not grow without end.
    const all = this.#elements()
    if (all.length > 150) this.#pick(all).remove()
  }

  #put(node: Element, parent: Element | ShadowRoot): void {
    if (holds(node, parent)) return
    parent.insertBefore(node, this.#pick([...parent.childNodes, null]))
  }

  #movable(): Element | undefined {
    return this.#pick(this.#elements().filter(({ localName }) => !/^(option|title|text)$/.test(localName)))
  }

  #move(): void {
    const node = this.#movable()
    if (node) this.#put(node, this.#parent())
  }

  #wrap(): void {
    const node = this.#movable()
    if (!node) return
    const wrapper = this.#page.createElement('section')
    wrapper.className = this.#pick(CLASSES)
    node.replaceWith(wrapper)
    wrapper.append(node)
  }

  #flip(): void {
    const element = this.#pick([...this.#elements(), this.#page.body])
    if (this.below(5) === 0) element.setAttribute('data-private', this.#pick(['yes', 'no']))
    else element.classList.toggle(this.#pick(CLASSES))
  }

  #text(): void {
    const element = this.#pick(this.#elements())
    const text = [...(element?.childNodes ?? [])].find((node) => node.nodeType === 3) as Text | undefined
    if (!text || element!.localName === 'style') return
    if (this.below(3)) text.data = this.#word()
    else text.appendData(` and much more than a few words after it, so that it is spliced ${this.#word()}`)
  }

  #attribute(): void {
    const element = this.#pick(this.#elements())
    // Which of several titled styles applies depends on which came first, ever.
    if (!element || element.localName === 'style') return
    const name = this.#pick(['title', 'aria-label', 'id', 'data-own', 'data-x', 'alt'])
    element.setAttribute(name, this.#word(/^(id|data)/.test(name) ? 'zn' : 'zq'))
  }

  #value(): void {
    const field = this.#pick(this.#elements().filter((element) => element.matches('input,textarea')))
    if (field && !field.matches('[type=checkbox]')) (field as HTMLInputElement).value = this.#word()
  }

  #lock(): void {
    const field = this.#pick(this.#elements().filter((element) => element.matches('input:not([type=checkbox])')))
    if (!field) return
    const type = this.#pick(['password', 'text', 'hidden', ''])
    if (type === '') field.setAttribute('autocomplete', this.#pick(['cc-number', 'off']))
    else field.setAttribute('type', type)
    if (type === 'password') this.#passwords.add(field)
  }

  #sheet(): void {
    const rule = `.${this.#pick(CLASSES)}{top:${this.below(99)}px} .${this.#word('zn')}::after{content:"${this.#word('zn')}"}`
    const named = `[data-own="${this.#word('zn')}"]{--x:${this.#word('zn')}} [data-own]{left:${this.below(9)}px}`
    const styles = this.#elements().filter(({ localName }) => localName === 'style') as HTMLStyleElement[]
    const style = this.#pick(styles)
    if (styles.length < 3) {
      const made = this.#page.createElement('style')
      made.append(rule, named)
      this.#parent().append(made)
    } else if (this.below(2)) style!.append(`/*${this.#word('zn')}*/${rule}`)
    else style!.sheet?.insertRule(`.${this.#word('zn')},.${this.#pick(CLASSES)}{left:${this.below(99)}px}`, 0)
  }

  #shadow(): void {
    const host = this.#pick(this.#elements().filter((element) => element.matches('div,section') && !element.shadowRoot))
    if (!host || this.#roots().length > 5) return
    host.attachShadow({
      mode: 'open',
    }).innerHTML = `<b class="q">${this.#word()}</b><p>${this.#word()}</p><slot></slot>`
  }

  #frame(): void {
    const frames = this.#elements().filter(({ localName }) => localName === 'iframe')
    if (frames.length < 2) this.#parent().append(this.#page.createElement('iframe'))
    const body = (this.#pick(frames) as HTMLIFrameElement | undefined)?.contentDocument?.body
    if (body) body.innerHTML = `<p class="${this.#pick(CLASSES)}">${this.#word()}</p>`
  }

  #adopt(): void {
    const root = this.#pick(this.#roots())
    const place = (root instanceof Node && 'host' in root ? root : root.ownerDocument) as Document | ShadowRoot
    const view = root.ownerDocument.defaultView as Window & typeof globalThis
    const sheet = new view.CSSStyleSheet()
    sheet.replaceSync(
      `.${this.#pick(CLASSES)}{top:${this.below(99)}px} .${this.#word('zn')}{content:"${this.#word('zn')}"}`,
    )
    if (this.below(3)) place.adoptedStyleSheets = [...place.adoptedStyleSheets.slice(-2), sheet]
    else
      place.adoptedStyleSheets[0]?.replaceSync(`.${this.#word('zn')},.${this.#pick(CLASSES)}{left:${this.below(9)}px}`)
  }

  #property(): void {
    const element = this.#pick(this.#elements().filter((one) => 'style' in one && one.localName !== 'style'))
    ;(element as HTMLElement | undefined)?.style.setProperty('--x', `"${this.#word()}"`)
  }

  #template(): void {
    const template = this.#page.createElement('template')
    template.innerHTML = `<p title="${this.#word('zn')}">${this.#word('zn')}</p>`
    this.#parent().append(template)
  }

  /** Takes an attribute away and gives it back behind the others, or has an element parsed anew. */
  #again(): void {
    const element = this.#pick(this.#elements().filter((one) => /^(p|b|div)$/.test(one.localName) && !one.shadowRoot))
    if (!element) return
    if (this.below(2)) {
      const before = element.className
      element.removeAttribute('class')
      element.setAttribute('class', before)
    } else if (!element.querySelector('input,iframe,style,textarea,select,section,div')) {
      const { outerHTML } = element
      element.outerHTML = outerHTML
    }
  }

  #cut(): void {
    const element = this.#pick(this.#elements().filter(({ localName }) => /^(p|b)$/.test(localName)))
    const text = [...(element?.childNodes ?? [])].find((node) => node.nodeType === 3) as Text | undefined
    if (text && text.length > 3 && this.below(2)) text.splitText(this.below(text.length))
    else element?.normalize()
  }

  #title(): void {
    this.#page.title = this.#word()
  }

  #remove(): void {
    if (this.below(2)) this.#movable()?.remove()
  }
}

function outer(element: Element): Element | null {
  if (element.parentElement) return element.parentElement
  const root = element.getRootNode()
  if ('host' in root) return (root as ShadowRoot).host
  return (root as Document).defaultView?.frameElement?.ownerDocument === element.ownerDocument
    ? null
    : frameOf(root as Document)
}

/** The frame element of a document, but not of the page itself. */
function frameOf(document: Document): Element | null {
  const frame = document.defaultView?.frameElement ?? null
  return frame?.ownerDocument === window.document ? null : frame
}

function holds(node: Element, inner: Node): boolean {
  for (let at: Node | null = inner; at; ) {
    if (at === node) return true
    at = at.parentNode ?? ('host' in at ? (at as ShadowRoot).host : frameOf(at as Document))
  }
  return false
}
