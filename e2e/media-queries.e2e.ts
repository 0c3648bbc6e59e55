import type { BrowserContextOptions, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Harness } from './harness.ts'
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
    response.setHeader('content-type', type)
    response.end(text)
    return true
  })
})

afterAll(async () => {
  await site.close()
  await harness.close()
})

type Name = 'chromium' | 'firefox'

/** A customer and an agent on devices of their own. */
async function pair(browser: Name, customerDevice: BrowserContextOptions, agentDevice: BrowserContextOptions) {
  const customer = await site.customer(browser, await harness.page(browser, customerDevice))
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const agent = await harness.page(browser, agentDevice)
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await until(agent, 'view_ready')
  return { customer, agent }
}

/** The colours of all boxes and of what the browser draws itself, on the page or in its copy. */
function colours(page: Page, where: 'page' | 'copy'): Promise<Record<string, string>> {
  return page.evaluate((where) => {
    const root = where === 'page' ? document : document.querySelector('iframe')!.contentDocument!
    const found: Record<string, string> = {}
    const read = (scope: Document | ShadowRoot) => {
      for (const element of scope.querySelectorAll('body, div[id], input, button')) {
        const key = element.id || element.localName
        const { backgroundColor, color } = element.ownerDocument.defaultView!.getComputedStyle(element)
        if (key !== 'host' && key !== 'root') found[key] ??= `${backgroundColor} ${color}`
        if (element.shadowRoot) read(element.shadowRoot)
      }
      for (const frame of scope.querySelectorAll('iframe')) if (frame.contentDocument) read(frame.contentDocument)
    }
    read(root)
    return found
  }, where)
}

/** Waits until the copy has the colours of the page. */
async function same(customer: Page, agent: Page): Promise<Record<string, string>> {
  const wanted = await colours(customer, 'page')
  await expect.poll(() => colours(agent, 'copy')).toEqual(wanted)
  return wanted
}

const names: Name[] = ['chromium', 'firefox']

test.each(names)(
  'STA-60 STA-61 STA-62 in %s the copy has the colours of the customer, light or dark',
  async (browser) => {
    const { customer, agent } = await pair(browser, { colorScheme: 'dark' }, { colorScheme: 'light' })
    const dark = await same(customer, agent)
    expect(dark['adopted']).toContain('rgb(2, 2, 2)')
    await harness.shot(agent, `media-${browser}-dark-customer`)
    await customer.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await agent.emulateMedia({ colorScheme: 'dark' })
    const light = await same(customer, agent)
    expect(light['motion']).toContain('rgb(2, 2, 2)')
    for (const id of ['element', 'nested', 'inner', 'framed', 'asks', 'imported', 'inserted', 'own', 'either'])
      expect([dark[id], light[id]].join()).toMatch(/rgb\(2, 2, 2\).*,rgb\(1, 1, 1\)/)
    await harness.shot(agent, `media-${browser}-light-customer`)
  },
)
