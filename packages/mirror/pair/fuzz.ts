/** Random edits of a document, the same for the same seed. Each is one thing that a page can do in one step; none
 *  depends on time. */
export class Fuzz {
  readonly #document: Document
  readonly #random: () => number
  /** Functions are called as the page's own window has them: a node that came from a window that is gone keeps that
   *  window's functions, which nobody can patch. */
  readonly #view: Window & typeof globalThis
  /** Subtrees that the page holds without showing them. */
  readonly #detached: ChildNode[] = []

  constructor(document: Document, seed: number) {
    this.#document = document
    this.#view = document.defaultView as Window & typeof globalThis
    this.#random = mulberry32(seed)
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  step(): void {
    const edits = [
      this.#insert,
      this.#insert,
      this.#move,
      this.#move,
      this.#move,
      this.#remove,
      this.#detach,
      this.#attach,
      this.#wrap,
      this.#unwrap,
      this.#swap,
      this.#text,
      this.#text,
      this.#attribute,
      this.#attribute,
      this.#markup,
      this.#field,
      this.#sheet,
      this.#adopt,
      this.#shadow,
      this.#frame,
      this.#replaceChildren,
    ]
    edits[this.below(edits.length)]!.call(this)
  }

  #set(type: keyof typeof globalThis, name: string, target: Element, value: unknown): void {
    const { prototype } = this.#view[type] as { prototype: object }
    Object.getOwnPropertyDescriptor(prototype, name)!.set!.call(target, value)
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)]
  }

  #roots(): (Document | ShadowRoot)[] {
    const found: (Document | ShadowRoot)[] = [this.#document]
    for (const root of found) {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) found.push(element.shadowRoot)
        if (element.localName === 'iframe') {
          const inner = (element as HTMLIFrameElement).contentDocument
          if (inner?.body) found.push(inner)
        }
      }
    }
    return found
  }

  #parents(): ParentNode[] {
    return this.#roots().flatMap((root) => {
      const top = 'body' in root ? [root.body, root.head] : [root]
      const inner = [...root.querySelectorAll('body *, div, section, p, ul')]
      return [...top, ...inner].filter((node): node is HTMLElement => node !== null)
    })
  }

  /** A random place: a parent and the child to insert before. */
  #place(): { parent: ParentNode; before: Node | null } {
    const parent = this.#pick(this.#parents()) ?? this.#document.body
    const children = parent.childNodes
    return { parent, before: children[this.below(children.length + 1)] ?? null }
  }

  #child(): ChildNode | undefined {
    const root = this.#pick(this.#roots())
    const all = root ? [...root.querySelectorAll('body *')] : []
    const element = this.#pick(all)
    if (!element) return undefined
    return (this.below(3) === 0 ? this.#pick([...element.childNodes]) : undefined) ?? element
  }

  #node(): ChildNode {
    const document = this.#document
    switch (this.below(12)) {
      case 0:
        return document.createTextNode(this.#words())
      case 1:
        return document.createComment(this.#words())
      case 2: {
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
        svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'linearGradient'))
        return svg
      }
      case 3:
        return Object.assign(document.createElement('input'), { type: this.#pick(['text', 'checkbox', 'radio'])! })
      case 4: {
        const select = document.createElement('select')
        for (let i = this.below(4); i >= 0; i--)
          select.append(Object.assign(document.createElement('option'), { textContent: this.#words() }))
        return select
      }
      case 5:
        return Object.assign(document.createElement('textarea'), { textContent: this.#words() })
      case 6:
        return Object.assign(document.createElement('style'), {
          textContent: `.c${this.below(9)}{top:${this.below(9)}px}`,
        })
      case 7:
        return document.createElement(this.#pick(['template', 'noscript', 'script', 'x-card', 'form'])!)
      default: {
        const element = document.createElement(this.#pick(['div', 'section', 'p', 'ul', 'span'])!)
        for (let i = this.below(3); i > 0; i--) element.append(this.#words(), document.createElement('b'))
        return element
      }
    }
  }

  #words(): string {
    return ['', 'a', 'two words', 'ünïcode 😀', 'x'.repeat(this.below(120)), '\n  '][this.below(6)]!
  }

  #put(node: Node): void {
    const { parent, before } = this.#place()
    // Elements in a style: Firefox drops the rules that script inserted, and tells nobody.
    if (node.contains(parent) || (parent as Element).localName === 'style') return
    // Only options belong into a select: others that hold options and move on change the choice without a trace.
    if ('closest' in parent && (parent as Element).closest('select') && node.nodeName !== 'OPTION') return
    try {
      parent.insertBefore(node, before)
    } catch {
      // A document takes no text and one element only; a shadow host cannot go below its own root.
    }
  }

  #insert(): void {
    this.#put(this.#node())
  }

  #move(): void {
    const node = this.#child()
    if (node) this.#put(node)
  }

  #remove(): void {
    this.#child()?.remove()
  }

  #detach(): void {
    const node = this.#child()
    if (!node || this.#detached.length > 20) return
    const holder = this.#pick(this.#detached)
    if (holder instanceof Element && this.below(2) && !node.contains(holder)) holder.append(node)
    else {
      node.remove()
      this.#detached.push(node)
    }
  }

  #attach(): void {
    const [node] = this.#detached.splice(this.below(this.#detached.length), 1)
    if (!node) return
    if (node instanceof Element) node.setAttribute('data-back', `${this.below(99)}`)
    this.#put(node)
  }

  #wrap(): void {
    const node = this.#child()
    if (!node?.parentNode) return
    const wrapper = this.#document.createElement('section')
    node.replaceWith(wrapper)
    wrapper.append(node)
  }

  #unwrap(): void {
    const node = this.#child()
    if (node instanceof Element && node.parentElement) node.replaceWith(...node.childNodes)
  }

  #swap(): void {
    const [a, b] = [this.#child(), this.#child()]
    if (!a || !b || a.contains(b) || b.contains(a)) {
      if (a && b && a !== b && a.contains(b) && a.parentNode && b instanceof Element) {
        a.replaceWith(b)
        b.append(a)
      }
      return
    }
    const mark = this.#document.createTextNode('')
    a.replaceWith(mark)
    b.replaceWith(a)
    mark.replaceWith(b)
  }

  #text(): void {
    const text = [...(this.#child()?.childNodes ?? [])].find((node) => node.nodeType === Node.TEXT_NODE) as
      | Text
      | undefined
    if (!text) return
    if (this.below(2)) text.data = this.#words()
    else text.replaceData(this.below(text.length), this.below(9), this.#words())
  }

  #attribute(): void {
    const node = this.#child()
    if (!(node && node.nodeType === Node.ELEMENT_NODE)) return
    const element = node as Element
    const name = this.#pick([
      'class',
      'title',
      'style',
      'data-x',
      'hidden',
      'onclick',
      'href',
      'value',
      'checked',
      'selected',
    ])!
    const value = name === 'style' ? `top: ${this.below(99)}px` : `v${this.below(9)}`
    if (this.below(4) === 0) element.removeAttribute(name)
    else element.setAttribute(name, value)
  }

  #markup(): void {
    const node = this.#child()
    if (node instanceof Element && this.below(3) === 0)
      node.innerHTML = `<ul><li class="c1">${this.#words()}</li><li><p>two</p></li></ul><!--c-->`
  }

  #field(): void {
    const fields = this.#roots().flatMap((root) => [...root.querySelectorAll('input,textarea,select,option')])
    const field = this.#pick(fields)
    if (!field) return
    if (field.localName === 'option') this.#set('HTMLOptionElement', 'selected', field, this.below(2) === 0)
    else if (field.localName === 'select') this.#set('HTMLSelectElement', 'selectedIndex', field, this.below(3))
    else if (field.localName === 'textarea') this.#set('HTMLTextAreaElement', 'value', field, this.#words())
    else {
      const input = field as HTMLInputElement
      if (input.type === 'text') this.#set('HTMLInputElement', 'value', input, `typed ${this.below(99)}`)
      else if (this.below(3) === 0) this.#set('HTMLInputElement', 'indeterminate', input, !input.indeterminate)
      else this.#set('HTMLInputElement', 'checked', input, this.below(2) === 0)
    }
  }

  #sheet(): void {
    const owners = this.#roots().flatMap((root) => [...root.querySelectorAll('style')])
    const sheet = this.#pick(owners)?.sheet
    if (!sheet) return
    const count = sheet.cssRules.length
    const edit = count > 0 ? this.below(3) : 2
    const at = this.below(count + (edit === 2 ? 1 : 0))
    if (edit === 0) this.#view.CSSStyleSheet.prototype.deleteRule.call(sheet, at)
    else if (edit === 1) {
      const { style } = sheet.cssRules[at] as CSSStyleRule
      if (style) this.#view.CSSStyleDeclaration.prototype.setProperty.call(style, 'left', `${this.below(99)}px`)
    } else this.#view.CSSStyleSheet.prototype.insertRule.call(sheet, `.r${this.below(9)}{left:${this.below(99)}px}`, at)
  }

  #adopt(): void {
    const root = this.#pick(this.#roots())
    if (!root) return
    const document = 'body' in root ? root : root.ownerDocument
    const view = document.defaultView as (Window & typeof globalThis) | null
    if (!view) return
    if (this.below(3) === 0) root.adoptedStyleSheets = root.adoptedStyleSheets.slice(1)
    else if (root.adoptedStyleSheets.length > 0 && this.below(2))
      root.adoptedStyleSheets[0]!.insertRule(`.s{top:${this.below(9)}px}`)
    else {
      const sheet = new view.CSSStyleSheet()
      sheet.replaceSync(`.a${this.below(9)}{color:red}`)
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    }
  }

  #shadow(): void {
    const node = this.#child()
    if (!(node && node.nodeType === Node.ELEMENT_NODE)) return
    const element = node as Element
    if (element.shadowRoot || !['div', 'section', 'p', 'span', 'x-card'].includes(element.localName)) return
    this.#view.Element.prototype.attachShadow.call(element, { mode: 'open' }).innerHTML =
      '<section><slot></slot></section><style>p{top:1px}</style>'
  }

  #frame(): void {
    const frames = this.#roots().flatMap((root) => [...root.querySelectorAll('iframe')])
    const frame = this.#pick(frames)
    if (frames.length < 3 && this.below(2)) return this.#put(this.#document.createElement('iframe'))
    const inner = frame?.contentDocument
    if (!inner) return
    if (this.below(3) === 0) {
      inner.open()
      inner.write(
        `${this.below(2) ? '<!DOCTYPE html>' : ''}<html><body><div>written ${this.below(99)}</div></body></html>`,
      )
      inner.close()
    } else if (inner.body) inner.body.append(inner.createElement('div'))
  }

  #replaceChildren(): void {
    const node = this.#child()
    if (node instanceof Element && this.below(3) === 0) node.replaceChildren(...[...node.childNodes].reverse())
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
