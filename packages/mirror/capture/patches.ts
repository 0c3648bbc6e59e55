import { STATES } from '../wire/index.ts'

/** What patched functions report. Each call comes after the browser's own work is done. */
export interface PatchListener {
  state(element: Element, kind: number): void
  sheet(sheet: CSSStyleSheet): void
  reached(sheet: CSSStyleSheet): void
  /** A rule was inserted from this text. */
  inserted(sheet: CSSStyleSheet, index: number, text: string): void
  adopted(): void
  /** Script has started an animation. */
  animated(element: Element): void
  /** A custom element is known now. */
  defined(): void
  shadow(host: Element, root: ShadowRoot): void
}

type AnyFunction = (this: object, ...args: unknown[]) => unknown
type Report = (target: object, result: unknown, args: unknown[]) => void

/** Patches what no observer sees in one window and returns the undo. Every patch calls through, reports afterwards and
 *  keeps the page's result and error; one that the page has patched over stays in the chain but falls silent. */
export function patchWindow(view: Window & typeof globalThis, listener: PatchListener): () => void {
  let active = true
  const undo: (() => void)[] = []

  function report(run: Report, target: object, result: unknown, args: unknown[]): void {
    if (!active) return
    try {
      run(target, result, args)
    } catch {
      // Capture reports its own faults; the page's call has succeeded and must look like it.
    }
  }

  function wrap(owner: object | undefined, name: string, key: 'value' | 'get' | 'set', run: Report): void {
    const before = owner && Object.getOwnPropertyDescriptor(owner, name)
    const original = before?.[key] as AnyFunction | undefined
    if (!owner || !before?.configurable || typeof original !== 'function') return
    const patched = {
      [name](this: object, ...args: unknown[]) {
        const result = original.apply(this, args)
        report(run, this, result, args)
        return result
      },
    }[name]
    Object.defineProperty(owner, name, { ...before, [key]: patched })
    undo.push(() => {
      const now = Object.getOwnPropertyDescriptor(owner, name)
      if (now?.[key] === patched) Object.defineProperty(owner, name, { ...now, [key]: original })
    })
  }

  const state = (kind: number) => (target: object) => listener.state(target as Element, kind)
  const sheet = (target: object) => listener.sheet(target as CSSStyleSheet)
  const rule = (target: object) => {
    const owner = (target as CSSRule).parentStyleSheet
    if (owner) listener.sheet(owner)
  }
  const declaration = (target: object) => {
    const owner = (target as CSSStyleDeclaration).parentRule?.parentStyleSheet
    if (owner) listener.sheet(owner)
  }

  for (const name of ['value', 'valueAsNumber', 'valueAsDate'])
    wrap(view.HTMLInputElement.prototype, name, 'set', state(STATES.value))
  for (const name of ['stepUp', 'stepDown', 'setRangeText'])
    wrap(view.HTMLInputElement.prototype, name, 'value', state(STATES.value))
  for (const name of ['checked', 'indeterminate'])
    wrap(view.HTMLInputElement.prototype, name, 'set', state(STATES.checked))
  wrap(view.HTMLTextAreaElement.prototype, 'value', 'set', state(STATES.value))
  wrap(view.HTMLTextAreaElement.prototype, 'setRangeText', 'value', state(STATES.value))
  for (const name of ['value', 'selectedIndex'])
    wrap(view.HTMLSelectElement.prototype, name, 'set', state(STATES.selected))
  wrap(view.HTMLOptionElement.prototype, 'selected', 'set', (target) => {
    const select = (target as HTMLOptionElement).closest('select')
    if (select) listener.state(select, STATES.selected)
  })
  for (const name of ['showModal', 'show', 'close'])
    wrap(view.HTMLDialogElement?.prototype, name, 'value', state(STATES.topLayer))
  for (const name of ['showPopover', 'hidePopover', 'togglePopover'])
    wrap(view.HTMLElement.prototype, name, 'value', state(STATES.topLayer))

  wrap(view.CSSStyleSheet.prototype, 'insertRule', 'value', (target, index, [text]) =>
    listener.inserted(target as CSSStyleSheet, index as number, String(text)),
  )
  for (const name of ['deleteRule', 'addRule', 'removeRule', 'replaceSync'])
    wrap(view.CSSStyleSheet.prototype, name, 'value', sheet)
  wrap(view.CSSStyleSheet.prototype, 'replace', 'value', (target, result) => {
    void (result as Promise<unknown>).then(
      () => active && sheet(target),
      () => undefined,
    )
  })
  wrap(view.CSSStyleSheet.prototype, 'cssRules', 'get', (target) => listener.reached(target as CSSStyleSheet))
  wrap(view.StyleSheet.prototype, 'disabled', 'set', sheet)
  for (const name of ['insertRule', 'deleteRule']) wrap(view.CSSGroupingRule.prototype, name, 'value', rule)
  for (const name of ['appendRule', 'deleteRule']) wrap(view.CSSKeyframesRule.prototype, name, 'value', rule)
  for (const name of ['insertRule', 'deleteRule']) wrap(view.CSSStyleRule.prototype, name, 'value', rule)
  wrap(view.CSSStyleRule.prototype, 'selectorText', 'set', rule)
  wrap(view.HTMLStyleElement.prototype, 'disabled', 'set', (target) => {
    const owned = (target as HTMLStyleElement).sheet
    if (owned) listener.sheet(owned)
  })
  for (const name of ['setProperty', 'removeProperty'])
    wrap(view.CSSStyleDeclaration.prototype, name, 'value', declaration)
  wrap(view.CSSStyleDeclaration.prototype, 'cssText', 'set', declaration)
  for (const owner of [view.Document.prototype, view.ShadowRoot.prototype])
    wrap(owner, 'adoptedStyleSheets', 'set', () => listener.adopted())
  wrap(view.Element.prototype, 'attachShadow', 'value', (target, result) =>
    listener.shadow(target as Element, result as ShadowRoot),
  )

  wrap(view.Element.prototype, 'animate', 'value', (target) => listener.animated(target as Element))
  wrap(view.CustomElementRegistry.prototype, 'define', 'value', listener.defined)

  return () => {
    active = false
    for (const restore of undo.reverse()) restore()
  }
}
