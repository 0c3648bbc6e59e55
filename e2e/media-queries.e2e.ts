import { firefox, type Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FIREFOX } from '../scripts/browsers.ts'
import { Harness } from './harness.ts'
import { sendFile } from './picture-files.ts'
import { allow, Site, start, until } from './session-site.ts'

const DARK = '(prefers-color-scheme: dark)'

/** Turns a box to the second colour where a query holds, in a sheet of each kind. */
const PAGE = `<!doctype html><meta name="color-scheme" content="light dark">
  <style>
    body { margin: 0 } .box, .box::part(box) { width: 20px; height: 20px; background: rgb(1, 1, 1) }
    @media ${DARK} { #element { background: rgb(2, 2, 2) } }
    #nested { @media ${DARK} { background: rgb(2, 2, 2) } }
    @media (prefers-reduced-motion) { #motion { background: rgb(2, 2, 2) } }
    @media (hover: none) and (pointer: coarse) { #touch { background: rgb(2, 2, 2) } }
    @media only screen and (-webkit-min-device-pixel-ratio: 1.5), (min-resolution: 1.5dppx) { #sharp { background: rgb(2, 2, 2) } }
    @media (width > 100px) and (scripting: enabled) { #script { background: rgb(2, 2, 2) } }
    #system { background: Canvas } #either { background: light-dark(rgb(1, 1, 1), rgb(2, 2, 2)) }
    #own { color-scheme: light dark; background: light-dark(rgb(1, 1, 1), rgb(2, 2, 2)) }
    #fixed { color-scheme: light; background: light-dark(rgb(1, 1, 1), rgb(2, 2, 2)) }
  </style>
  <style media="${DARK}">#attribute { background: rgb(2, 2, 2) }</style>
  <link rel="stylesheet" href="/linked.css" media="${DARK}"><link rel="stylesheet" href="/asks.css">
  ${'element nested motion touch sharp script system either own fixed attribute linked asks imported inserted adopted'
    .split(' ')
    .map((id) => `<div class="box" id="${id}"></div>`)
    .join('')}
  <div id="host"><template shadowrootmode="open"><style>
    div { width: 20px; height: 20px; background: rgb(1, 1, 1) } @media ${DARK} { div { background: rgb(2, 2, 2) } }
  </style><div id="inner"></div></template></div>
  <iframe srcdoc="<style>div{width:20px;height:20px;background:rgb(1,1,1)}@media ${DARK}{div{background:rgb(2,2,2)}}</style><div id='framed'></div>"></iframe>
  <input value="text"><select><option>one</select><button>press</button>
  <script>
    document.head.append(Object.assign(document.createElement('style'), { id: 'library' }))
    document.querySelector('#library').sheet.insertRule('@media ${DARK} { #inserted { background: rgb(2, 2, 2) } }')
    const sheet = new CSSStyleSheet({ media: '${DARK}' })
    sheet.replaceSync('#adopted { background: rgb(2, 2, 2) }')
    document.adoptedStyleSheets.push(sheet)
  </script>`

const FILES: Record<string, [type: string, text: string]> = {
  '/': ['text/html', PAGE],
  '/linked.css': ['text/css', '#linked { background: rgb(2, 2, 2) }'],
  '/asks.css': ['text/css', `@import '/imported.css' ${DARK}; @media ${DARK} { #asks { background: rgb(2, 2, 2) } }`],
  '/imported.css': ['text/css', '#imported { background: rgb(2, 2, 2) }'],
}

let harness: Harness
let site: Site

beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness, (request, response) => {
    const [type, text] = FILES[request.url ?? ''] ?? []
    if (!type || text === undefined) return false
    return sendFile(response, type, text)
  })
})

afterAll(async () => {
  await site.close()
  await harness.close()
})

/** Playwright cannot turn this Firefox dark, but its settings can. */
const DARK_FIREFOX = { ...FIREFOX, firefoxUserPrefs: { 'layout.css.prefers-color-scheme.content-override': 0 } }

/** A customer and an agent on devices of their own. */
async function pair(customerPage: Page, agent: Page) {
  const customer = await site.customer('chromium', customerPage)
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await until(agent, 'view_ready')
  return { customer, agent }
}

type Colours = Record<string, string>

/** The colours of all boxes, and of what the browser draws itself, on the page or in its copy. */
function colours(page: Page, where: 'page' | 'copy'): Promise<Colours> {
  return page.evaluate((where) => {
    const root = where === 'page' ? document : document.querySelector('iframe')!.contentDocument!
    const found: Colours = {}
    const read = (scope: Document | ShadowRoot) => {
      for (const element of scope.querySelectorAll('body, div[id], input, button')) {
        const key = element.id || element.localName
        const { backgroundColor, color } = element.ownerDocument.defaultView!.getComputedStyle(element)
        if (key !== 'host') found[key] ??= `${backgroundColor} ${color}`
        if (element.shadowRoot) read(element.shadowRoot)
      }
      for (const frame of scope.querySelectorAll('iframe')) if (frame.contentDocument) read(frame.contentDocument)
    }
    read(root)
    return found
  }, where)
}

/** Waits until the copy has the colours of the page. */
async function same(customer: Page, agent: Page): Promise<Colours> {
  const wanted = await colours(customer, 'page')
  await expect.poll(() => colours(agent, 'copy')).toEqual(wanted)
  return wanted
}

/** The boxes that have the second colour. */
const turned = (found: Colours) =>
  Object.keys(found)
    .filter((key) => found[key]!.startsWith('rgb(2, 2, 2)'))
    .sort()

const BY_SCHEME = 'adopted asks attribute either element framed imported inner inserted linked nested own'.split(' ')

test('STA-60 in chromium the copy has the colours of the customer, light or dark', async () => {
  const dark = await harness.page('chromium', { colorScheme: 'dark' })
  const { customer, agent } = await pair(dark, await harness.page())
  expect(turned(await same(customer, agent))).toEqual([...BY_SCHEME, 'script'].sort())
  await harness.shot(agent, 'media-dark-customer')
  await customer.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await agent.emulateMedia({ colorScheme: 'dark' })
  expect(turned(await same(customer, agent))).toEqual(['motion', 'script'])
  await harness.shot(agent, 'media-light-customer')
})

test('STA-61 in firefox the copy follows a customer in another browser', async () => {
  const { customer, agent } = await pair(await harness.page(), await harness.page('firefox'))
  const shown = async () => turned(await colours(agent, 'copy'))
  await expect.poll(shown).toEqual(['script'])
  await customer.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await expect.poll(shown).toEqual([...BY_SCHEME, 'motion', 'script'].sort())
  await customer.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' })
  await expect.poll(shown).toEqual(['script'])
})

test('STA-62 in firefox a dark customer is dark and a light one light', async () => {
  const browser = await firefox.launch(DARK_FIREFOX)
  try {
    const darkSeen = await pair(await browser.newPage(), await harness.page('firefox'))
    expect(turned(await same(darkSeen.customer, darkSeen.agent))).toEqual([...BY_SCHEME, 'script'].sort())
    await harness.shot(darkSeen.agent, 'media-dark-customer-firefox')
    const lightSeen = await pair(await harness.page('firefox'), await browser.newPage())
    expect(turned(await same(lightSeen.customer, lightSeen.agent))).toEqual(['script'])
  } finally {
    await browser.close()
  }
})

test('STA-60 a phone with a sharp screen is answered as one', async () => {
  const phone = { viewport: { width: 390, height: 700 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
  const { customer, agent } = await pair(await harness.page('chromium', phone), await harness.page())
  expect(turned(await same(customer, agent))).toEqual(['script', 'sharp', 'touch'])
})

test('STA-60 an ordinary screen is answered as one at an agent with a sharp one', async () => {
  const sharp = await harness.page('chromium', { deviceScaleFactor: 2 })
  const { customer, agent } = await pair(await harness.page(), sharp)
  expect(turned(await same(customer, agent))).toEqual(['script'])
})
