import { afterEach, expect, test } from 'vitest'
import { createPair, type Pair, type PairOptions } from './pair/pair.ts'

const pairs: Pair[] = []

async function pairOf(body: string, options: PairOptions = {}): Promise<Pair> {
  const pair = await createPair({ html: `<!DOCTYPE html><html><head></head><body>${body}</body></html>`, ...options })
  pairs.push(pair)
  return pair
}

function expectEqual(pair: Pair): void {
  const { page, copy } = pair.forms()
  expect(copy).toBe(page)
}

afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close()
})

const structure: [string, string, (document: Document) => void][] = [
  ['elements, text and comments', '<main id=m><p class="a b">x<!--c-->y</p></main>', () => undefined],
  ['an appended row', '<ul></ul>', (d) => d.querySelector('ul')!.append(d.createElement('li'))],
  [
    'a node wrapped, then its child wrapped',
    '<div id=a><i></i></div>',
    (d) => {
      const a = d.querySelector('#a')!
      const i = d.querySelector('i')!
      const outer = d.createElement('section')
      a.replaceWith(outer)
      outer.append(a)
      const inner = d.createElement('b')
      i.replaceWith(inner)
      inner.append(i)
    },
  ],
  [
    'ancestor and descendant swapped',
    '<div id=a><div id=b><div id=c></div></div></div>',
    (d) => {
      const [a, b, c] = ['a', 'b', 'c'].map((id) => d.getElementById(id)!)
      a!.replaceWith(c!)
      c!.append(b!)
      b!.append(a!)
    },
  ],
  [
    'a node changed while detached and put back',
    '<div id=a><p>1</p></div>',
    (d) => {
      const a = d.querySelector('#a')!
      a.remove()
      a.setAttribute('title', 'x')
      a.append('2')
      d.body.append(a)
    },
  ],
  [
    'adjacent and empty text nodes',
    '<p>a</p>',
    (d) => d.querySelector('p')!.append(d.createTextNode('b'), d.createTextNode(''), d.createTextNode('c')),
  ],
  [
    'a long text cut in the middle',
    `<p>${'lorem '.repeat(40)}</p>`,
    (d) => void (d.querySelector('p')!.firstChild as Text).replaceData(100, 5, 'IPSUM'),
  ],
  ['a lone surrogate', '<p></p>', (d) => d.querySelector('p')!.append('a\ud800b', '😀')],
  [
    'SVG with camel case',
    '<svg viewBox="0 0 1 1"><linearGradient id=g gradientUnits="userSpaceOnUse"/><use xlink:href="#g"/></svg>',
    (d) => d.querySelector('use')!.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', '#h'),
  ],
  [
    'MathML',
    '<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>',
    (d) => d.querySelector('mi')!.setAttribute('mathvariant', 'bold'),
  ],
  ['a namespace of its own', '<p></p>', (d) => d.querySelector('p')!.append(d.createElementNS('urn:x', 'x:Thing'))],
  [
    'a block in a paragraph and a form in a form',
    '<p></p><form></form>',
    (d) => {
      d.querySelector('p')!.append(d.createElement('div'))
      d.querySelector('form')!.append(d.createElement('form'))
    },
  ],
  [
    'names that hide properties',
    '<form><input name="parentNode"><input name="firstChild"><input name="nodeType"></form><img name="createElementNS"><img name="adoptedStyleSheets">',
    (d) => {
      d.querySelector('form')!.append(d.createElement('b'))
      d.querySelector('input')!.remove()
    },
  ],
  ['attributes that only the parser takes', '<p @click="x" {y}="1" :z="2"></p>', () => undefined],
  [
    'the document element replaced',
    '<p>a</p>',
    (d) => {
      const html = d.createElement('html')
      html.innerHTML = '<head></head><body><h1>new</h1></body>'
      d.documentElement.replaceWith(html)
    },
  ],
  [
    'document.open, write and close',
    '<p>a</p>',
    (d) => {
      d.open()
      d.write('<!DOCTYPE html><html><body><h2>written</h2></body></html>')
      d.close()
    },
  ],
  [
    'a fragment of a thousand rows',
    '<table><tbody></tbody></table>',
    (d) => {
      const f = d.createDocumentFragment()
      for (let i = 0; i < 1000; i++) {
        const r = d.createElement('tr')
        r.innerHTML = `<td>${i}</td>`
        f.append(r)
      }
      d.querySelector('tbody')!.append(f)
    },
  ],
  [
    'a node moved into and out of a template',
    '<div id=a></div><template></template>',
    (d) => {
      const a = d.querySelector('#a')!
      d.querySelector('template')!.append(a)
    },
  ],
  [
    'nodes created and removed between two flushes',
    '<div id=a></div>',
    (d) => {
      const b = d.createElement('b')
      d.querySelector('#a')!.append(b)
      b.remove()
    },
  ],
]

for (const [name, body, change] of structure)
  test(`CAP-1 equal after ${name}`, async () => {
    const pair = await pairOf(body)
    expectEqual(pair)
    change(pair.page)
    expectEqual(pair)
  })

for (const [mode, doctype] of [
  ['standards', '<!DOCTYPE html>'],
  ['quirks', ''],
  [
    'limited quirks',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
  ],
] as const)
  test(`CAP-2 keeps ${mode} mode`, async () => {
    const pair = await pairOf('', { html: `${doctype}<html><head></head><body><table><tr><td>a</table></body></html>` })
    expectEqual(pair)
    expect(pair.copy.compatMode).toBe(pair.page.compatMode)
  })

const forms: [string, string, (document: Document) => void][] = [
  [
    'a typed value',
    '<input id=i value=a>',
    (d) => {
      d.querySelector('input')!.value = 'typed'
    },
  ],
  [
    'valueAsNumber',
    '<input type=number>',
    (d) => {
      d.querySelector('input')!.valueAsNumber = 42
    },
  ],
  [
    'a checked box',
    '<input type=checkbox>',
    (d) => {
      d.querySelector('input')!.checked = true
    },
  ],
  [
    'indeterminate',
    '<input type=checkbox>',
    (d) => {
      d.querySelector('input')!.indeterminate = true
    },
  ],
  [
    'a radio group',
    '<input type=radio name=g checked><input type=radio name=g id=b>',
    (d) => {
      d.querySelector<HTMLInputElement>('#b')!.checked = true
    },
  ],
  [
    'a select',
    '<select><option>a<option>b<option>c</select>',
    (d) => {
      d.querySelector('select')!.selectedIndex = 2
    },
  ],
  [
    'several selected options',
    '<select multiple><option>a<option>b<option selected>c</select>',
    (d) => {
      d.querySelector('option')!.selected = true
    },
  ],
  [
    'options added',
    '<select><option>a</select>',
    (d) => {
      const s = d.querySelector('select')!
      s.add(new Option('z'))
      s.selectedIndex = 1
    },
  ],
  [
    'a textarea typed, then its default changed',
    '<textarea>a</textarea>',
    (d) => {
      const t = d.querySelector('textarea')!
      t.value = 'typed'
      t.textContent = 'default'
    },
  ],
  [
    'a value set before insertion',
    '<p></p>',
    (d) => {
      const i = d.createElement('input')
      i.value = 'early'
      d.querySelector('p')!.append(i)
    },
  ],
  [
    'a form reset',
    '<form><input value=a><input type=checkbox checked></form>',
    (d) => {
      const f = d.querySelector('form')!
      const [text, box] = f.querySelectorAll('input')
      text!.value = 'b'
      box!.checked = false
      f.reset()
    },
  ],
]

for (const [name, body, change] of forms)
  test(`CAP-3 form state: ${name}`, async () => {
    const pair = await pairOf(body)
    expectEqual(pair)
    change(pair.page)
    expectEqual(pair)
  })

const styles: [string, string, (document: Document) => void][] = [
  [
    'insertRule',
    '<style>a{color:red}</style>',
    (d) => void d.querySelector('style')!.sheet!.insertRule('b{color:blue}', 0),
  ],
  ['deleteRule', '<style>a{color:red}b{color:blue}</style>', (d) => d.querySelector('style')!.sheet!.deleteRule(0)],
  [
    'setProperty on a rule',
    '<style>a{color:red}</style>',
    (d) =>
      (d.querySelector('style')!.sheet!.cssRules[0] as CSSStyleRule).style.setProperty('color', 'green', 'important'),
  ],
  [
    'selectorText',
    '<style>a{color:red}</style>',
    (d) => {
      ;(d.querySelector('style')!.sheet!.cssRules[0] as CSSStyleRule).selectorText = 'i'
    },
  ],
  [
    'a rule inside a group',
    '<style>@media all{a{color:red}}</style>',
    (d) => void (d.querySelector('style')!.sheet!.cssRules[0] as CSSMediaRule).insertRule('b{top:0}', 1),
  ],
  [
    'disabled',
    '<style>a{color:red}</style>',
    (d) => {
      d.querySelector('style')!.sheet!.disabled = true
    },
  ],
  [
    'text changed after insertRule',
    '<style>a{color:red}</style>',
    (d) => {
      const s = d.querySelector('style')!
      s.sheet!.insertRule('b{top:0}', 0)
      s.textContent = 'i{left:0}'
    },
  ],
  [
    'a style moved after insertRule',
    '<style>a{color:red}</style><p></p>',
    (d) => {
      const s = d.querySelector('style')!
      s.sheet!.insertRule('b{top:0}', 0)
      d.querySelector('p')!.append(s)
    },
  ],
  [
    'adoptedStyleSheets assigned',
    '<p></p>',
    (d) => {
      const s = new d.defaultView!.CSSStyleSheet()
      s.replaceSync('p{color:red}q{top:0}')
      d.adoptedStyleSheets = [s]
    },
  ],
  [
    'adoptedStyleSheets pushed to',
    '<p></p>',
    (d) => {
      const s = new d.defaultView!.CSSStyleSheet()
      s.insertRule('p{color:red}')
      d.adoptedStyleSheets.push(s)
    },
  ],
  [
    'a shadow root and one shared constructed sheet',
    '<div id=a></div>',
    (d) => {
      const s = new d.defaultView!.CSSStyleSheet()
      s.replaceSync('p{color:red}')
      const root = d.querySelector('#a')!.attachShadow({ mode: 'open' })
      root.innerHTML = '<p>in</p>'
      root.adoptedStyleSheets = [s]
      d.adoptedStyleSheets = [s]
      s.insertRule('q{top:0}')
    },
  ],
]

for (const [name, body, change] of styles)
  test(`CAP-4 style sheets: ${name}`, async () => {
    const pair = await pairOf(body)
    expectEqual(pair)
    change(pair.page)
    expectEqual(pair)
    pair.page.body.append('x')
    expectEqual(pair)
  })

test('CAP-4 style sheets: rules inserted before the start', async () => {
  const pair = await pairOf('<style></style>')
  pair.page.querySelector('style')!.sheet!.insertRule('a{color:red}')
  const late = await pair.join()
  pair.flush()
  expect(late.form()).toBe(pair.forms().page)
})

test('CAP-5 shadow roots: open, nested, attached later, with slots', async () => {
  const pair = await pairOf('<x-a><span slot=s>light</span></x-a>')
  const root = pair.page.querySelector('x-a')!.attachShadow({ mode: 'open' })
  root.innerHTML = '<slot name=s></slot><x-b></x-b>'
  expectEqual(pair)
  root.querySelector('x-b')!.attachShadow({ mode: 'open' }).innerHTML = '<i>deep</i>'
  root.querySelector('slot')!.remove()
  expectEqual(pair)
  expect(pair.copy.querySelector('x-a')!.shadowRoot!.querySelector('x-b')!.shadowRoot!.textContent).toBe('deep')
})

test('CAP-6 same-origin frames: written, edited, moved, removed', async () => {
  const pair = await pairOf('<iframe></iframe><div></div>')
  const frame = pair.page.querySelector('iframe')!
  expectEqual(pair)
  const inner = frame.contentDocument!
  inner.open()
  inner.write('<!DOCTYPE html><html><body><p>inside</p></body></html>')
  inner.close()
  expectEqual(pair)
  inner.querySelector('p')!.textContent = 'edited'
  expectEqual(pair)
  expect(pair.copy.querySelector('iframe')!.contentDocument!.body.textContent).toBe('edited')
  pair.page.querySelector('div')!.append(frame)
  expectEqual(pair)
  frame.contentDocument!.body.append('again')
  expectEqual(pair)
  frame.remove()
  expectEqual(pair)
})

test('CAP-7 a page taken in slices while it changes ends equal', async () => {
  const pair = await pairOf('<ol></ol>', { step: 1 })
  const list = pair.page.querySelector('ol')!
  for (let i = 0; i < 3000; i++) list.append(Object.assign(pair.page.createElement('li'), { textContent: `row ${i}` }))
  let slices = 0
  while (pair.clock.turn()) {
    slices++
    const rows = list.children
    list.insertBefore(rows[rows.length - 1]!, rows[(slices * 37) % rows.length]!)
    rows[(slices * 91) % rows.length]!.remove()
    if (slices > 300) break
  }
  expect(slices).toBeGreaterThan(5)
  expectEqual(pair)
})

test('CAP-8 a line that takes nothing costs one state, not a history', async () => {
  const pair = await pairOf('<p>0</p>')
  pair.flush()
  const before = pair.frames.length
  pair.open = false
  for (let i = 1; i <= 500; i++) {
    pair.page.querySelector('p')!.firstChild!.nodeValue = `${i}`
    pair.flush()
  }
  expect(pair.frames.length).toBe(before)
  pair.open = true
  expectEqual(pair)
  expect(pair.frames.length).toBe(before + 1)
  expect(pair.frames.at(-1)!.length).toBeLessThan(20)
})

test('CAP-9 a late joiner gets what is true now, and both go on', async () => {
  const pair = await pairOf('<div id=a><p>1</p></div>')
  pair.flush()
  pair.page.querySelector('#a')!.prepend(pair.page.createElement('i'))
  pair.flush()
  const late = await pair.join()
  expect(late.form()).not.toBe(pair.forms().page.length === 0)
  pair.page.querySelector('p')!.remove()
  expectEqual(pair)
  expect(late.form()).toBe(pair.forms().page)
})

test('CAP-10 what is excluded is never in a frame', async () => {
  const host = document.createElement('div')
  const pair = await pairOf('<p>shown</p>', { excluded: new Set([host]) })
  host.textContent = 'SECRETPANEL'
  pair.page.body.prepend(host)
  pair.page.body.append('after')
  pair.flush()
  expect(pair.copy.body.textContent).toBe('shownafter')
  host.append('SECRETMORE')
  pair.flush()
  expect(pair.frames.some((frame) => new TextDecoder('latin1').decode(frame).includes('SECRET'))).toBe(false)
})

test('CAP-11 scroll of the page and of a box', async () => {
  const pair = await pairOf(
    '<div id=b style="height:100px;overflow:auto"><div style="height:900px"></div></div><div style="height:5000px"></div>',
  )
  pair.flush()
  pair.page.querySelector('#b')!.scrollTop = 120
  pair.page.defaultView!.scrollTo(0, 700)
  await new Promise((resolve) => pair.page.addEventListener('scroll', resolve, { once: true }))
  await new Promise((resolve) => requestAnimationFrame(resolve))
  pair.flush()
  expect(pair.copy.querySelector('#b')!.scrollTop).toBe(120)
  expect(pair.copy.defaultView!.scrollY).toBe(700)
  pair.page.defaultView!.scrollTo(0, 900)
  await new Promise((resolve) => pair.page.addEventListener('scroll', resolve, { once: true }))
  pair.flush()
  const late = await pair.join()
  pair.flush()
  pair.page.defaultView!.scrollTo(0, 700)
  await new Promise((resolve) => pair.page.addEventListener('scroll', resolve, { once: true }))
  pair.flush()
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  expect(late.copy.defaultView!.scrollY).toBe(700)
  // Something moves the copy that the page knows nothing of, as a picture does that loads late.
  pair.copy.defaultView!.scrollTo(0, 10)
  pair.page.body.append('more')
  pair.flush()
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  expect(pair.copy.defaultView!.scrollY).toBe(700)
})

test('CAP-12 the viewport of the page is the size of the copy', async () => {
  const pair = await pairOf('')
  pair.flush()
  expect([pair.copy.defaultView!.innerWidth, pair.copy.defaultView!.innerHeight]).toEqual([800, 600])
})

test('CAP-13 dialogs and popovers stand in the top layer', async () => {
  const pair = await pairOf('<dialog>d</dialog><div popover>p</div>')
  pair.flush()
  pair.page.querySelector('dialog')!.showModal()
  expectEqual(pair)
  expect(pair.copy.querySelector('dialog')!.matches(':modal')).toBe(true)
  pair.page.querySelector('dialog')!.close()
  pair.page.querySelector<HTMLElement>('[popover]')!.showPopover()
  expectEqual(pair)
})

test('CAP-14 close restores every patched function and silences the rest', async () => {
  const pair = await pairOf('<input>')
  const view = pair.page.defaultView as Window & typeof globalThis
  while (pair.clock.turn()) {}
  const names = ['insertRule', 'deleteRule', 'replaceSync'] as const
  const patched = names.map((name) => view.CSSStyleSheet.prototype[name])
  const attach = view.Element.prototype.attachShadow
  pair.capture.close()
  pair.capture.close()
  expect(names.map((name, i) => view.CSSStyleSheet.prototype[name] === patched[i])).toEqual([false, false, false])
  expect(view.Element.prototype.attachShadow).not.toBe(attach)
  expect(String(view.Element.prototype.attachShadow)).toContain('[native code]')
  pair.page.querySelector('input')!.value = 'x'
  pair.page.body.append('x')
  pair.capture.flush()
  expect(pair.clock.turn()).toBe(false)
})

test('CAP-16 pictures and fonts are named by keys of the asset store, and no address leaves the page', async () => {
  const asked: string[] = []
  const pair = await pairOf(
    `<style>@font-face{font-family:f;src:url(/fonts/f.woff2)} a{background:url("bg.png")}</style>
     <img src="/pic.png?secret=1" alt=p><img srcset="/small.png 1x, /large.png 2x"><p style="background:url(p.png)"></p>
     <svg><image href="/svg.png"/></svg><video poster="/poster.jpg"></video><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
     <iframe src="/other.html"></iframe><a href="/link">l</a>`,
    {
      asset(address) {
        asked.push(new URL(address).pathname)
        return `k${asked.length}`
      },
    },
  )
  const chosen = pair.page.querySelectorAll('img')[1]!
  if (!chosen.currentSrc) await new Promise((resolve) => chosen.addEventListener('error', resolve, { once: true }))
  pair.flush()
  const [picture, , data] = pair.copy.querySelectorAll('img')
  expect(new Set(asked)).toEqual(
    new Set(['/fonts/f.woff2', '/bg.png', '/pic.png', '/small.png', '/p.png', '/svg.png', '/poster.jpg']),
  )
  expect(picture!.getAttribute('src')).toBe(`/assets/k${asked.indexOf('/pic.png') + 1}`)
  expect(pair.copy.querySelector('p')!.style.backgroundImage).toContain('/assets/k')
  expect(pair.copy.querySelector('style')!.textContent).toMatch(/src:url\("\/assets\/k\d+"\)/)
  expect(pair.copy.querySelector('video')!.getAttribute('poster')).toMatch(/^\/assets\/k/)
  expect(data!.getAttribute('src')).toMatch(/^data:image\/gif/)
  expect(pair.frames.some((frame) => /secret|\.png|\.html|link"/.test(new TextDecoder('latin1').decode(frame)))).toBe(
    false,
  )
})

test('CAP-17 what capture reads in a frame keeps the frame its own kinds of objects', async () => {
  const pair = await pairOf('<iframe></iframe>')
  pair.flush()
  const frame = pair.page.querySelector('iframe')!
  const view = frame.contentWindow as Window & typeof globalThis
  const evaluate = (view as unknown as { eval(code: string): boolean }).eval
  evaluate('document.body.innerHTML = "<p>a<input></p>"')
  await Promise.resolve()
  pair.flush()
  expect(evaluate('document.querySelector("input") instanceof HTMLInputElement')).toBe(true)
  expect(evaluate('document.querySelector("p").firstChild instanceof Text')).toBe(true)
})

test('CAP-18 fields set past every patched function are noticed', async () => {
  const pair = await pairOf('<input><input type=checkbox><select><option>a<option>b</select>')
  const [text, box] = pair.page.querySelectorAll('input')
  // A framework that kept the browser's setters from before the start: those of another window are the same, unpatched.
  const set = (name: string, type: typeof HTMLInputElement) =>
    Object.getOwnPropertyDescriptor(type.prototype, name)!.set!
  pair.flush()
  set('value', HTMLInputElement).call(text, 'kept setter')
  set('checked', HTMLInputElement).call(box, true)
  pair.page.querySelector('select')!.options.selectedIndex = 1
  expectEqual(pair)
})

test('CAP-19 frozen nodes, throwing prototypes and an element around the document element do not end the mirror', async () => {
  const pair = await pairOf('<div></div>')
  pair.flush()
  const frozen = Object.freeze(pair.page.createElement('p'))
  pair.page.querySelector('div')!.append(frozen)
  expectEqual(pair)
  const view = pair.page.defaultView as Window & typeof globalThis
  const { closest } = view.Element.prototype
  view.Element.prototype.closest = () => {
    throw new Error('closest')
  }
  frozen.append('text')
  expectEqual(pair)
  view.Element.prototype.closest = closest
  const outer = pair.page.createElement('html')
  const inner = pair.page.documentElement
  inner.replaceWith(outer)
  outer.append(inner)
  expectEqual(pair)
})

test('CAP-20 an inserted rule keeps a shorthand with var() beside a longhand', async () => {
  const pair = await pairOf('<style></style><p>x</p>')
  pair.flush()
  const sheet = pair.page.querySelector('style')!.sheet!
  sheet.insertRule(':root{--line:3px solid}')
  sheet.insertRule('p{border:var(--line);border-left-color:rgb(1,2,3)}', 1)
  pair.flush()
  const border = (document: Document) => {
    const { borderLeftWidth, borderLeftColor } = document.defaultView!.getComputedStyle(document.querySelector('p')!)
    return `${borderLeftWidth} ${borderLeftColor}`
  }
  expect(border(pair.page)).toBe('3px rgb(1, 2, 3)')
  expect(border(pair.copy)).toBe(border(pair.page))
  const rule = sheet.cssRules[1] as CSSStyleRule
  rule.style.setProperty('color', 'red')
  pair.flush()
  expect(pair.copy.defaultView!.getComputedStyle(pair.copy.querySelector('p')!).color).toBe('rgb(255, 0, 0)')
})

test('CAP-6 a frame that navigates goes on being mirrored, and one that left for another origin lets capture close', async () => {
  const pair = await pairOf('<iframe></iframe>')
  pair.flush()
  const frame = pair.page.querySelector('iframe')!
  const loaded = () => new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  frame.contentWindow!.location.href = '/replica?navigated'
  await loaded()
  pair.flush()
  frame.contentDocument!.body.append('after navigation')
  await Promise.resolve()
  expectEqual(pair)
  expect(pair.copy.querySelector('iframe')!.contentDocument!.body.textContent).toContain('after navigation')
  frame.sandbox.add('allow-scripts')
  frame.src = 'data:text/html,elsewhere'
  await loaded()
  pair.flush()
  expect(() => pair.capture.close()).not.toThrow()
  expect(String((pair.page.defaultView as Window & typeof globalThis).Element.prototype.attachShadow)).toContain(
    '[native code]',
  )
})
