import { afterEach, expect, test } from 'vitest'
import type { Mark } from '../annotation/mark.ts'
import { Picture } from '../annotation/picture.ts'
import { Shape } from '../annotation/shapes.ts'
import { accessibleName } from './annotation/accessible-name.ts'
import { focusedElement, windowOf } from './assist/place.ts'
import { Acting } from './assist/testing/acting.ts'
import { pageDocument } from './page-document.ts'
import { TopLayer } from './panel/top-layer.ts'
import { isLookedAt } from './tab-watch.ts'

const made: Element[] = []
afterEach(() => {
  for (const element of made.splice(0)) element.remove()
})

/** Lays an element over a property of the document. */
function shadow(name: string, tag = 'form'): Element {
  const element = Object.assign(Document.prototype.createElement.call(document, tag), { name })
  Reflect.get(Document.prototype, 'body', document).append(element)
  made.push(element)
  return element
}

/** All that a document has, but for what no element can hide and what can only be read on another one. */
const NAMES = [Document, Node, EventTarget].flatMap(({ prototype }) =>
  Object.keys(Object.getOwnPropertyDescriptors(prototype)),
)

test('MSK-71 an element of any name hides no property of the document from us', () => {
  expect(NAMES.length).toBeGreaterThan(150)
  const hidden: string[] = []
  for (const name of NAMES) {
    const form = shadow(name)
    if ((document as never)[name] === form) hidden.push(name)
    const own: unknown = (pageDocument as never)[name]
    form.remove()
    expect(own, name).not.toBe(form)
    // A function of the document is another object each time.
    if (typeof own !== 'function' && !Number.isNaN(own)) expect(own, name).toEqual((document as never)[name])
  }
  // The control: the browser does hide them.
  for (const name of ['body', 'documentElement', 'createElement', 'cookie', 'addEventListener', 'querySelectorAll'])
    expect(hidden).toContain(name)
})

test.for(['form', 'iframe', 'img'])('MSK-71 what we show and ask works on a page with such a %s', (tag) => {
  const field = document.body.appendChild(document.createElement('input'))
  made.push(field)
  field.focus()
  const before = isLookedAt()
  for (const name of ['documentElement', 'body', 'activeElement', 'querySelectorAll', 'querySelector', 'defaultView'])
    shadow(name, tag)
  for (const name of ['addEventListener', 'removeEventListener', 'visibilityState', 'hasFocus', 'cookie'])
    shadow(name, tag)
  const layer = new TopLayer(() => {})
  const host = pageDocument.createElement('div')
  layer.attach(host)
  expect(host.parentNode).toBe(pageDocument.documentElement)
  layer.check()
  layer.detach(host)
  expect(host.isConnected).toBe(false)
  expect(isLookedAt()).toBe(before)
  expect(focusedElement()).toBe(field)
  expect(windowOf(field)).toBe(window)
  pageDocument.cookie = 'shadowed=1'
  expect(pageDocument.cookie).toContain('shadowed=1')
  pageDocument.cookie = 'shadowed=1; max-age=0'
})

test('MSK-71 what is drawn on such a page is drawn', () => {
  for (const name of ['createElement', 'createElementNS']) shadow(name)
  // The control.
  expect(() => document.createElement('div')).toThrow(TypeError)
  const mark: Mark<undefined> = {
    id: 1,
    key: '2.1',
    author: 2,
    revision: 0,
    tool: 'rectangle',
    colour: 0,
    anchor: undefined,
    points: [0, 0, 1, 1],
    text: '',
    done: true,
  }
  const shape = new Shape(mark)
  shape.draw(mark, { x: 0, y: 0, width: 9, height: 9 })
  expect(shape.element.children).toHaveLength(1)
  const picture = new Picture({ transform: () => '' } as never)
  expect(picture.host.localName).toBe('div')
})

const NAMES_OF_FORMS = [HTMLFormElement, HTMLElement, Element, Node, EventTarget].flatMap(({ prototype }) =>
  Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor'),
)

/** What an agent's hand brings about in a form with a field of that name. */
function help(name: string): unknown[] {
  const acting =
    new Acting(`<form id="f" tabindex="0" aria-label="Order" style="overflow:auto;height:200px;padding:20px">
    <input name="${name}" style="display:none"><input id="text"><button type="button">Go</button>
    <div style="height:900px"></div></form>`)
  try {
    const form = Document.prototype.querySelector.call(document, '#f')!
    const heard: string[] = []
    for (const type of ['click', 'input', 'wheel', 'focusin'])
      EventTarget.prototype.addEventListener.call(form, type, () => heard.push(type))
    return [
      acting.click('button'),
      acting.click('#text'),
      ...acting.type('ab'),
      acting.press('Tab'),
      acting.do({ do: 'wheel', at: acting.at('#f'), dx: 0, dy: 30 }),
      acting.click('#f'),
      acting.do({ do: 'focus', node: acting.number('#f') }),
      acting.do({ do: 'scroll_to', node: acting.number('#f'), left: 0, top: 50 }),
      acting.do({ do: 'drag', from: acting.at('#f', 0.5, 0.9), to: acting.at('button') }),
      accessibleName(form),
      Reflect.get(Element.prototype, 'scrollTop', form),
      heard,
    ]
  } finally {
    acting.close()
  }
}

test('MSK-71 what an agent does in a form with a field of any name is done as in any other', () => {
  expect(NAMES_OF_FORMS.length).toBeGreaterThan(250)
  const plain = help('comment')
  expect(plain.at(-1)).toContain('click')
  for (const name of NAMES_OF_FORMS) expect(help(name), name).toEqual(plain)
})
