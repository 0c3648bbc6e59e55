import { afterEach, expect, test } from 'vitest'
import type { MaskRules } from './capture/index.ts'
import { createPair, type Pair } from './pair/pair.ts'
import { noteStrings, Secrets } from './pair/scan.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const run of undo.splice(0).reverse()) run()
})

const namesOf = (...owners: { prototype: object }[]) =>
  [...new Set(owners.flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype)))].filter(
    (name) => name !== 'constructor',
  )
const OF_DOCUMENT = namesOf(Document, HTMLDocument, Node, EventTarget)
const OF_FORM = namesOf(HTMLFormElement, HTMLElement, Element, Node, EventTarget)

/** All that capture listens to. */
const EVENT_NAMES =
  'input change reset scroll toggle load error focusin focusout pointerover pointerout pointerdown pointerup selectionchange fullscreenchange resize hashchange'.split(
    ' ',
  )

/** What lies over properties of a document: the browser gives the element for the property. */
const OVER = ['form', 'img', 'iframe', 'object', 'embed']

/** A page on which every property that a document or a form has is hidden by an element of that name. */
function hostilePage(fill: (carrier: string) => string): string {
  const over = OF_DOCUMENT.map((name, i) => {
    // Each of the many would be a document of its own.
    const tag = i % 20 === 0 ? OVER[(i / 20) % OVER.length]! : i % 2 ? 'form' : 'img'
    return `<${tag} name="${name}" id="${name}" title="${fill('document')}"></${tag}>`
  })
  const fields = OF_FORM.map((name) => `<input name="${name}" value="${fill('field')}">`)
  return `<!DOCTYPE html><html><head><style>form { color: red }</style></head><body>${over.join('')}
    <form class="vault" id="login" title="${fill('form')}">${fields.join('')}<p>${fill('text')}</p>
    <input type="password" value="${fill('password')}"></form></body></html>`
}

interface Hostile {
  pair: Pair
  secrets: Secrets
  fill(carrier: string): string
  strings: string[]
}

async function open(mask: MaskRules, password = '$'): Promise<Hostile> {
  const noted = noteStrings()
  undo.push(noted.stop)
  const secrets = new Secrets()
  const fill = (carrier: string) => secrets.fill('page', carrier, carrier === 'password' ? password : '$')
  const html = hostilePage(fill)
  const pair = await createPair({ html, mask })
  undo.push(() => pair.close())
  return { pair, secrets, fill, strings: noted.strings }
}

const { querySelector, createElement, close } = Document.prototype
const { append, remove, setAttribute } = Element.prototype

/** Does to such a page what pages do, past its names. */
function edit({ pair: { page, flush }, fill }: Hostile): void {
  const find = <T extends Element>(selector: string) => querySelector.call(page, selector) as T
  const form = find('#login')
  flush()
  find<HTMLInputElement>('input[name=matches]').value = fill('typed')
  setAttribute.call(form, 'title', fill('title'))
  const added = createElement.call(page, 'input')
  added.setAttribute('name', 'firstChild')
  added.setAttribute('placeholder', fill('added'))
  append.call(form, added, fill('added text'))
  flush()
  HTMLFormElement.prototype.reset.call(form)
  // A second one of the same name: the browser gives a list of both.
  const twin = createElement.call(page, 'form')
  twin.setAttribute('name', 'body')
  twin.title = 'masked too'
  append.call(find('body'), twin)
  append.call(twin, find('p'))
  flush()
  remove.call(find('[name=documentElement]'))
  append.call(find('body'), form)
  const inside = find<HTMLIFrameElement>('iframe').contentDocument!
  inside.open()
  inside.write(hostilePage(fill))
  close.call(inside)
  flush()
}

test('MSK-71 a page with an element of every name that documents and forms have properties of is copied as any other', async () => {
  expect([OF_DOCUMENT.length > 200, OF_FORM.length > 250]).toEqual([true, true])
  const hostile = await open({ maskType: 'custom_input' }, '')
  edit(hostile)
  const { page, copy } = hostile.pair.forms()
  expect(copy).toBe(page)
  expect(page.length).toBeGreaterThan(50_000)
})

test.each<[string, MaskRules]>([
  ['all', { maskType: 'all' }],
  ['a selector', { maskType: 'custom_input', maskCssSelectors: '.vault, [title]' }],
])('MSK-71 such a page masked by %s says nothing of what is masked', async (_, mask) => {
  const hostile = await open(mask)
  edit(hostile)
  expect(hostile.secrets.found(hostile.pair.frames, hostile.strings)).toEqual([])
})

test('MSK-71 (control) without a mask it says all but the password', async () => {
  const hostile = await open({ maskType: 'custom_input' })
  edit(hostile)
  const { secrets, pair, strings } = hostile
  const found = new Set(secrets.found(pair.frames, strings))
  const missing = secrets.places.filter((place) => !found.has(place))
  expect(missing.map(({ carrier }) => carrier)).toEqual(['password', 'password'])
})

test('CAP-59 events that a page makes itself, of whatever name on whatever node, stop nothing', async () => {
  const pair = await createPair({
    html: '<!DOCTYPE html><body><form>x<input><select></select></form><iframe></iframe><form name="host"></form><select id="nodeType"></select>',
  })
  undo.push(() => pair.close())
  const { page } = pair
  pair.flush()
  const find = (selector: string) => page.querySelector(selector)!
  const nodes = [
    page,
    find('html'),
    find('form'),
    find('form').firstChild!,
    find('input'),
    find('select'),
    find('iframe'),
  ]
  for (const target of [...nodes, page.defaultView!])
    for (const name of EVENT_NAMES) {
      target.dispatchEvent(new Event(name, { bubbles: true, composed: true }))
      pair.flush()
    }
  find('form').append('still there')
  const { page: shown, copy } = pair.forms()
  expect(copy).toBe(shown)
  expect(copy).toContain('still there')
})
