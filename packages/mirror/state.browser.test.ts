import { afterEach, expect, test } from 'vitest'
import { createPair, type Pair, type PairOptions } from './pair/pair.ts'
import { drawPicker } from './replica/open-picker.ts'
import { shownCss } from './replica/state-selectors.ts'

const pairs: Pair[] = []

async function pairOf(body: string, options: PairOptions = {}): Promise<Pair> {
  const pair = await createPair({ html: `<!DOCTYPE html><html><head></head><body>${body}</body></html>`, ...options })
  pairs.push(pair)
  return pair
}

afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close()
})

/** The elements that a selector names, by their ids, in shadow roots and frames too. */
function named(root: ParentNode, selector: string): string[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element.matches(selector) ? [element.id || element.localName] : []),
    ...(element.shadowRoot ? named(element.shadowRoot, selector) : []),
    ...(element.localName === 'iframe' ? named((element as HTMLIFrameElement).contentDocument!, selector) : []),
  ])
}

const mark = (name: string) => shownCss(`:${name}{}`, () => undefined).slice(0, -2)

function expectMarks(pair: Pair, ...names: string[]): void {
  pair.flush()
  for (const name of names) expect(named(pair.copy, mark(name)), name).toEqual(named(pair.page, `:${name}`))
}

/** The browser has told what it tells with a frame, and what waited for its turn as a task (`selectionchange`). */
async function settled(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  await new Promise((resolve) => setTimeout(resolve))
}

test('STA-1 selectors of the copy ask for the state of the page, and only selectors', () => {
  const shown = (css: string) => shownCss(css, () => undefined)
  const same = [
    'a{animation:focus 1s;transition:hover}',
    '@media (hover:hover){p{color:red}}',
    '@container style(--x:hover){p{top:0}}',
    '.md\\:hover\\:x{top:0}',
    'a:active-view-transition{top:0}',
    'x-a::part(b):hover{top:0}',
    'p::-webkit-scrollbar-thumb:hover{top:0}',
    'p:before:hover{top:0}',
    'a{--x:hover;top:0}',
    'p{content:":hover"}',
  ]
  for (const css of same) expect(shown(css)).toBe(css)
  expect(shown('a:hover>b:FOCUS-visible,:is(u:focus-within) i:not(:active){top:0}')).toBe(
    'a[alongside-hover]>b[alongside-focus-visible],:is(u[alongside-focus-within]) i:not([alongside-active]){top:0}',
  )
  expect(shown('.md\\:x:hover{top:0}')).toBe('.md\\:x[alongside-hover]{top:0}')
  expect(shown('a{top:0;&:hover{top:1px}}@media all{b:hover{top:2px}}')).toBe(
    'a{top:0;&[alongside-hover]{top:1px}}@media all{b[alongside-hover]{top:2px}}',
  )
  expect(shown('@supports selector(:focus-visible){@scope (a:hover){p:target{top:0}}}')).toBe(
    '@supports selector([alongside-focus-visible]){@scope (a[alongside-hover]){p[alongside-target]{top:0}}}',
  )
  expect(shown('x-a:not(:defined){top:0}')).toBe('x-a:not(:not([alongside-undefined])){top:0}')
  expect(shown(shown('a:hover{top:0}'))).toBe(shown('a:hover{top:0}'))
})

test('STA-2 the copy shows the focus, in shadow roots and frames too, and where it is before the start', async () => {
  const pair = await pairOf(
    '<div id=d><input id=i></div><div id=h></div><div id=g></div><iframe id=f></iframe><style>input:focus{outline:3px solid red}</style>',
  )
  const host = pair.page.querySelector('#h')!.attachShadow({ mode: 'open' })
  host.innerHTML = '<p id=sp><button id=sb>b</button></p>'
  const delegating = pair.page.querySelector('#g')!.attachShadow({ mode: 'open', delegatesFocus: true })
  delegating.innerHTML = '<button id=gb>b</button>'
  const inner = pair.page.querySelector('iframe')!.contentDocument!
  inner.body.innerHTML = '<p id=ip><input id=ii></p>'
  pair.page.querySelector('input')!.focus()
  expect(named(pair.page, ':focus')).toEqual(['i'])
  expectMarks(pair, 'focus', 'focus-visible')
  expect(named(pair.copy, mark('focus-within'))).toEqual(named(pair.page, ':focus-within'))
  const outline = (document: Document) =>
    document.defaultView!.getComputedStyle(document.querySelector('#i')!).outlineColor
  expect(outline(pair.copy)).toBe('rgb(255, 0, 0)')
  for (const target of [
    host.querySelector('button')!,
    delegating.querySelector('button')!,
    inner.querySelector('input')!,
  ]) {
    target.focus()
    expect(named(pair.page, ':focus')).toContain(target.id)
    expectMarks(pair, 'focus', 'focus-visible', 'focus-within')
  }
  ;(inner.activeElement as HTMLElement).blur()
  pair.page.querySelector('input')!.focus()
  pair.page.querySelector('input')!.remove()
  expectMarks(pair, 'focus', 'focus-within')
  expect(named(pair.copy, mark('focus'))).toEqual([])
})

test('STA-2 a late joiner sees the focus, and nothing of it is in the tree of the copy for good', async () => {
  const pair = await pairOf('<input id=i><input id=j>')
  pair.page.querySelector<HTMLElement>('#j')!.focus()
  pair.flush()
  const late = await pair.join()
  pair.flush()
  expect(named(late.copy, mark('focus'))).toEqual(['j'])
  pair.page.querySelector<HTMLElement>('#j')!.blur()
  pair.flush()
  for (const copy of [late.copy, pair.copy]) expect(copy.body.innerHTML).not.toContain('alongside')
})

test('STA-3 custom elements are undefined in the copy until the page knows them', async () => {
  const pair = await pairOf('<x-early id=e></x-early><x-late id=l></x-late><style>:not(:defined){color:red}</style>')
  const view = pair.page.defaultView as Window & typeof globalThis
  view.customElements.define('x-early', class extends view.HTMLElement {})
  expectMarks(pair, 'not(:defined)')
  expect(named(pair.copy, mark('not(:defined)'))).toEqual(['l'])
  view.customElements.define('x-late', class extends view.HTMLElement {})
  expectMarks(pair, 'not(:defined)')
  pair.page.body.append(pair.page.createElement('x-new'))
  await Promise.resolve()
  expectMarks(pair, 'not(:defined)')
  expect(named(pair.copy, mark('not(:defined)'))).toEqual(['x-new'])
})

test('STA-4 the target of the address and what the customer entered wrongly are marked', async () => {
  const pair = await pairOf('<a id=t>x</a><form><input id=i required></form><button id=u>u</button>')
  pair.flush()
  pair.page.defaultView!.location.hash = '#t'
  await settled()
  expectMarks(pair, 'target')
  expect(named(pair.copy, mark('target'))).toEqual(['t'])
  pair.page.querySelector('form')!.requestSubmit()
  await settled()
  expect(named(pair.page, ':user-invalid')).toEqual(['i'])
  expectMarks(pair, 'user-invalid', 'user-valid')
})

function selected(document: Document): string[] {
  const selection = document.getSelection()!
  const path = (node: Node | null): string =>
    node ? `${path(node.parentNode ?? (node as ShadowRoot).host ?? null)}/${node.nodeName}` : ''
  return [
    `${path(selection.anchorNode)} ${selection.anchorOffset}`,
    `${path(selection.focusNode)} ${selection.focusOffset}`,
    selection.toString(),
  ]
}

test('STA-5 what the customer has selected is selected in the copy, forwards and backwards, in frames and before the start', async () => {
  const pair = await pairOf('<p>hello <b>bold</b> world</p><iframe></iframe>')
  const inner = pair.page.querySelector('iframe')!.contentDocument!
  inner.body.innerHTML = '<p>in the frame</p>'
  const [before, after] = [pair.page.querySelector('p')!.firstChild!, pair.page.querySelector('p')!.lastChild!]
  pair.page.getSelection()!.setBaseAndExtent(before, 2, after, 3)
  pair.flush()
  expect(selected(pair.copy)).toEqual(selected(pair.page))
  expect(selected(pair.copy)[2]).toBe('llo bold wo')
  pair.page.getSelection()!.setBaseAndExtent(after, 3, before, 1)
  inner.getSelection()!.selectAllChildren(inner.querySelector('p')!)
  await settled()
  pair.flush()
  expect(selected(pair.copy)).toEqual(selected(pair.page))
  expect(pair.copy.querySelector('iframe')!.contentDocument!.getSelection()!.toString()).toBe('in the frame')
  pair.page.getSelection()!.removeAllRanges()
  await settled()
  pair.flush()
  expect(pair.copy.getSelection()!.rangeCount).toBe(0)
})

test('STA-6 caret and selection in fields are those of the page, with their direction', async () => {
  const pair = await pairOf('<input value="some text"><textarea>more\ntext</textarea>')
  const [input, area] = [pair.page.querySelector('input')!, pair.page.querySelector('textarea')!]
  input.focus()
  input.setSelectionRange(2, 5, 'backward')
  pair.flush()
  const of = ({ selectionStart, selectionEnd, selectionDirection }: HTMLInputElement | HTMLTextAreaElement) =>
    `${selectionStart} ${selectionEnd} ${selectionDirection === 'backward'}`
  expect(of(pair.copy.querySelector('input')!)).toBe('2 5 true')
  area.focus()
  area.setSelectionRange(6, 6)
  await settled()
  pair.flush()
  expect(of(pair.copy.querySelector('textarea')!)).toBe('6 6 false')
})

test('STA-7 nothing of a masked text is told by where caret and selection stand', async () => {
  const pair = await pairOf('<input class=m value="1234567"><p class=m>secret words</p><p id=o>open</p>', {
    mask: { maskType: 'custom_input', maskCssSelectors: '.m' },
  })
  const input = pair.page.querySelector('input')!
  input.focus()
  input.setSelectionRange(7, 7)
  const secret = pair.page.querySelector('p')!.firstChild!
  const open = pair.page.querySelector('#o')!.firstChild!
  pair.page.getSelection()!.setBaseAndExtent(secret, 9, open, 2)
  await settled()
  pair.flush()
  expect(pair.copy.querySelector('input')!.selectionStart).toBe(0)
  expect(pair.copy.getSelection()!.rangeCount).toBe(0)
  // The control: without the secret's end it is shown.
  pair.page.getSelection()!.setBaseAndExtent(open, 1, open, 3)
  await settled()
  pair.flush()
  expect(pair.copy.getSelection()!.toString()).toBe('pe')
})

test('STA-8 the caret is drawn over the copy where the customer types, and what is selected in a field', async () => {
  const pair = await pairOf(
    '<style>body{margin:0}input,textarea{font:16px/20px monospace;border:0;padding:0;margin:0}</style><input value="abcdefgh"><br><textarea rows=3 cols=20></textarea><p contenteditable>edit</p>',
  )
  const drawn = async () => {
    await settled()
    pair.flush()
    await settled()
    const layer = pair.replica.element.nextElementSibling as HTMLElement | null
    const boxes = layer?.style.pointerEvents === 'none' ? [...layer.children] : []
    const { left, top } = pair.replica.element.getBoundingClientRect()
    return boxes.map((box) => {
      const rect = box.getBoundingClientRect()
      return { x: rect.left - left, y: rect.top - top, width: rect.width, height: rect.height }
    })
  }
  const input = pair.page.querySelector('input')!
  input.focus()
  input.setSelectionRange(4, 4)
  const [caret] = await drawn()
  input.setSelectionRange(0, 8)
  const [whole] = await drawn()
  expect(caret!.x).toBeCloseTo(whole!.width / 2, -1)
  expect(caret!.width).toBe(1)
  expect(whole!.width).toBeGreaterThan(60)
  const area = pair.page.querySelector('textarea')!
  area.value = 'one\ntwo'
  area.focus()
  area.setSelectionRange(7, 7)
  const [second] = await drawn()
  expect(second!.y - area.getBoundingClientRect().top).toBeCloseTo(20, -1)
  const editable = pair.page.querySelector('p')!
  editable.focus()
  pair.page.getSelection()!.collapse(editable.firstChild, 2)
  const [inText] = await drawn()
  const range = pair.page.createRange()
  range.setStart(editable.firstChild!, 2)
  expect(inText!.x).toBeCloseTo(range.getBoundingClientRect().left, 0)
  editable.blur()
  expect(await drawn()).toEqual([])
})

test('STA-40 an open picker is a list over the copy, of its options and the chosen one', async () => {
  const pair = await pairOf('<select><option>one<option selected>two<option>three</select>')
  pair.flush()
  const copied = pair.copy.querySelector('select')!
  const list = drawPicker(copied, [10, 20])
  expect([...list.children].map((line) => line.textContent)).toEqual(['one', 'two', 'three'])
  expect([...list.children].map((line) => (line as HTMLElement).style.background !== '')).toEqual([false, true, false])
})

test('STA-41 rules of a linked sheet changed by script, also by their media', async () => {
  const sheet = URL.createObjectURL(
    new Blob(['p{color:rgb(1,1,1)}@media screen{b{color:rgb(2,2,2)}}'], { type: 'text/css' }),
  )
  const pair = await pairOf(`<link rel=stylesheet href="${sheet}"><p>x</p><b>y</b>`)
  const link = pair.page.querySelector('link')!
  if (!link.sheet) await new Promise((resolve) => link.addEventListener('load', resolve, { once: true }))
  pair.flush()
  const colour = (document: Document, name: string) =>
    document.defaultView!.getComputedStyle(document.querySelector(name)!).color
  expect(colour(pair.copy, 'p')).toBe('rgb(1, 1, 1)')
  const [rule, media] = link.sheet!.cssRules
  ;(rule as CSSStyleRule).style.color = 'rgb(9, 9, 9)'
  ;(media as CSSMediaRule).media.mediaText = 'print'
  pair.clock.pass()
  pair.flush()
  expect(colour(pair.page, 'p')).toBe('rgb(9, 9, 9)')
  for (const name of ['p', 'b']) expect(colour(pair.copy, name)).toBe(colour(pair.page, name))
})

test('STA-41 xlink:href is followed when it is set without a prefix, and removed', async () => {
  const pair = await pairOf('<svg><use xlink:href="#a"/></svg>')
  pair.flush()
  const use = pair.page.querySelector('use')!
  const copied = pair.copy.querySelector('use')!
  use.removeAttribute('xlink:href')
  use.setAttributeNS('http://www.w3.org/1999/xlink', 'href', '#b')
  pair.flush()
  expect(copied.href.baseVal).toBe('#b')
  use.removeAttributeNS('http://www.w3.org/1999/xlink', 'href')
  pair.flush()
  expect(copied.href.baseVal).toBe('')
})
