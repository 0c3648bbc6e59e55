import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { hasCookie, makePicture, sendFile } from './picture-files.ts'
import { allow, Site, seen, until } from './session-site.ts'

const BROWSERS = ['chromium', 'firefox'] as const
const RED = [220, 20, 30]
const BLUE = [20, 60, 200]

/** Another company's server of pictures. `/shared.png` may be read by any page, the rest by none. */
const elsewhere = createHttpServer((request, response) => {
  if (request.url === '/shared.png') response.setHeader('access-control-allow-origin', '*')
  sendFile(response, 'image/png', makePicture(90, 90, 90))
})

let harness: Harness
let site: Site
/** What the customer's page holds beside its heading. */
let body = ''

beforeAll(async () => {
  harness = await Harness.open()
  await listen(elsewhere)
  site = await Site.open(harness, (request, response) => {
    const [path] = request.url?.split('?') ?? []
    switch (path) {
      case '/':
        response.setHeader('set-cookie', 'who=cora; httponly; samesite=strict')
        return sendFile(response, 'text/html', `<!doctype html><title>A site</title><h1>A site</h1>${body}`)
      case '/style.css':
        return sendFile(
          response,
          'text/css',
          `@font-face { font-family: own; src: url(own.woff2) } .wide { font-family: own; height: 120px; background: url("red.png") }`,
        )
      case '/red.png':
        return sendFile(response, 'image/png', makePicture(...(RED as [number, number, number])))
      case '/blue.png':
        return sendFile(response, 'image/png', makePicture(...(BLUE as [number, number, number])))
      case '/drawing.svg':
        return sendFile(response, 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>')
      case '/own.woff2':
        return sendFile(response, 'font/woff2', 'wOF2 and nothing more')
      case '/private.png':
        if (hasCookie(request, 'who=cora')) return sendFile(response, 'image/png', makePicture(0, 0, 0))
        response.statusCode = 403
        return sendFile(response, 'text/plain', 'Who are you?')
      default:
        return false
    }
  })
})
afterEach(() => {
  body = ''
  // Firefox counts what no page may read, and the font that is none, among the errors of the page.
  const expected = /Same Origin Policy disallows|rejected by sanitizer|download failed/
  expect(harness.takeFaults().filter((fault) => !expected.test(fault))).toEqual([])
})
afterAll(async () => {
  site.close()
  elsewhere.close()
  elsewhere.closeAllConnections()
  await harness.close()
})

const addressOf = (server: { address(): AddressInfo | string | null }) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

/** Waits until a picture of the copy is there, or known to be missing, and gives its natural width: 0 for a missing one. */
function widthInCopy(agent: Page, alt: string): Promise<number> {
  return agent
    .waitForFunction((wanted) => {
      const copy = document.querySelector('iframe')?.contentDocument
      const picture = copy?.querySelector<HTMLImageElement>(`img[alt=${wanted}]`)
      return picture?.complete && picture.currentSrc ? { width: picture.naturalWidth } : undefined
    }, alt)
    .then(async (handle) => (await handle.jsonValue())?.width ?? -1)
}

/** The colour that is painted at a point of the screen. */
async function colourAt(page: Page, x: number, y: number): Promise<number[]> {
  const shot = await page.screenshot({ clip: { x, y, width: 1, height: 1 } })
  return page.evaluate(async (base64) => {
    const picture = new Image()
    picture.src = `data:image/png;base64,${base64}`
    await picture.decode()
    const canvas = document.createElement('canvas').getContext('2d')!
    canvas.drawImage(picture, 0, 0)
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }, shot.toString('base64'))
}

/** The middle of an element of the copy, on the agent's screen. */
function placeInCopy(agent: Page, selector: string): Promise<{ x: number; y: number }> {
  return agent.evaluate((wanted) => {
    const frame = document.querySelector('iframe')!
    const [outer, inner] = [frame.getBoundingClientRect(), frame.contentDocument!.querySelector(wanted)!]
    const box = inner.getBoundingClientRect()
    const scale = outer.width / frame.clientWidth
    return { x: outer.x + (box.x + box.width / 2) * scale, y: outer.y + (box.y + box.height / 2) * scale }
  }, selector)
}

/** Waits until the agent sees a colour where the copy has an element. */
async function expectColour(agent: Page, selector: string, colour: number[]): Promise<void> {
  await expect
    .poll(
      async () => {
        const { x, y } = await placeInCopy(agent, selector)
        return colourAt(agent, x, y)
      },
      { timeout: 30_000 },
    )
    .toEqual(colour)
}

test.each(BROWSERS)('AST-30 the copy shows pictures and backgrounds, in %s', async (browser) => {
  body = `<link rel="stylesheet" href="/style.css"><div class="wide">wide</div>
    <img alt="plain" src="/blue.png"><img alt="set" srcset="/blue.png?small 300w, /blue.png?large 5000w" sizes="200px">
    <img alt="drawing" src="/drawing.svg"><img alt="shared" src="${addressOf(elsewhere)}/shared.png">
    <img alt="closed" src="${addressOf(elsewhere)}/closed.png"><img alt="page" src="/?page">
    <p style="background: url(/blue.png); height: 60px" id="own"></p>`
  const { customer, agent } = await site.pair(browser)
  expect(await widthInCopy(agent, 'plain')).toBe(40)
  const wide = await customer.evaluate(() => document.querySelector<HTMLImageElement>('[alt=set]')!.naturalWidth)
  expect(wide).toBeLessThan(40)
  await expect.poll(() => widthInCopy(agent, 'set')).toBe(wide)
  expect(await widthInCopy(agent, 'drawing')).toBe(30)
  expect(await widthInCopy(agent, 'shared')).toBe(40)
  // Shown to the customer, but the browser may not read it: known at once to be missing.
  expect(await widthInCopy(agent, 'closed')).toBe(0)
  expect(await customer.evaluate(() => document.querySelector<HTMLImageElement>('[alt=closed]')?.naturalWidth)).toBe(40)
  expect(await widthInCopy(agent, 'page')).toBe(0)
  await expectColour(agent, '.wide', RED)
  await expectColour(agent, '#own', BLUE)
  await expectColour(agent, '[alt=plain]', BLUE)
  await harness.shot(customer, `assets-customer-${browser}`)
  await harness.shot(agent, `assets-agent-${browser}`)
})

test('AST-30 the copy gets fonts, also in an agent page of another origin', async () => {
  body = '<link rel="stylesheet" href="/style.css"><div class="wide">wide</div>'
  const fonts: string[] = []
  await site.pair('chromium', async (agent) => {
    agent.on('response', async (response) => {
      if (response.request().resourceType() === 'font')
        fonts.push(`${response.status()} ${response.headers()['content-type']}`)
    })
  })
  await expect.poll(() => fonts).toContain('200 font/woff2')
})

test.each(BROWSERS)("AST-31 a picture that needs the customer's cookie is shown, in %s", async (browser) => {
  body = '<img alt="private" src="/private.png">'
  const { agent } = await site.pair(browser)
  expect(await widthInCopy(agent, 'private')).toBe(40)
  expect((await agent.request.get(`${site.origin}/private.png`)).status()).toBe(403)
})

test.each(BROWSERS)('AST-32 the agent opens no connection to what the page names, in %s', async (browser) => {
  let connections = 0
  const attacker = createTcpServer((socket) => {
    connections++
    socket.destroy()
  })
  await listen(attacker)
  const evil = addressOf(attacker)
  body = `<img alt="plain" src="/blue.png"><img alt="evil" src="${evil}/a.png"><img srcset="${evil}/b.png 1x, ${evil}/c.png 2x">
    <style>@import "${evil}/d.css"; @font-face { font-family: f; src: url(${evil}/f.woff2) } p { font-family: f; background: url(${evil}/e.png) }</style>
    <link rel="stylesheet" href="${evil}/g.css"><p style="background: image-set('${evil}/h.png' 1x)">text</p>
    <svg><image href="${evil}/i.png" /></svg><video poster="${evil}/j.png" src="${evil}/k.mp4"></video>`
  // The control: the customer's browser does connect.
  const { page: customer, pin } = await site.waiting(browser)
  await expect.poll(() => connections).toBeGreaterThan(0)
  // From here on the customer's browser does not, so that what comes is the agent's.
  await customer.route(`${evil}/**`, (route) => route.abort())
  await customer.waitForLoadState('networkidle')
  const agent = await harness.page(browser)
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, pin)
  connections = 0
  await allow(customer)
  await until(agent, 'view_ready')
  expect(await widthInCopy(agent, 'plain')).toBe(40)
  expect(await widthInCopy(agent, 'evil')).toBe(0)
  await customer.evaluate((address) => {
    document.querySelector<HTMLImageElement>('[alt=evil]')!.src = `${address}/later.png`
    document.querySelector('p')!.textContent = 'after'
  }, evil)
  await seen(agent, 'after')
  expect(await widthInCopy(agent, 'evil')).toBe(0)
  expect(connections).toBe(0)
  // The listener would have noticed.
  await agent.evaluate(
    (address) => new Promise((resolve) => Object.assign(new Image(), { onerror: resolve, src: `${address}/x.png` })),
    evil,
  )
  expect(connections).toBeGreaterThan(0)
  attacker.close()
})

test('AST-33 a picture that comes while the page is hidden is brought when it is shown again', async () => {
  const { customer, agent } = await site.pair()
  const uploads: string[] = []
  customer.on('request', (request) => {
    if (request.method() === 'PUT') uploads.push(request.url())
  })
  await customer.evaluate(() => window.customer.pause())
  await until(agent, 'session_paused')
  await customer.evaluate(async () => {
    const picture = Object.assign(new Image(), { src: '/blue.png', alt: 'late' })
    document.body.append(picture)
    await picture.decode()
  })
  expect(uploads).toEqual([])
  await customer.evaluate(() => window.customer.resume())
  expect(await widthInCopy(agent, 'late')).toBe(40)
  expect(uploads).toHaveLength(1)
})

test.each(BROWSERS)("AST-34 the desk shows the shop's pictures, in %s", async (browser) => {
  const shop = await harness.page(browser)
  await shop.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
  await shop.goto(harness.url('/demo'))
  await shop.getByRole('button', { name: 'Get help' }).click()
  const pin = await shop
    .getByText(/^\d{3}\s?\d{3}$/)
    .first()
    .innerText()
  const desk = await harness.page(browser)
  const token = await harness.token('agent', 'Ana')
  await desk.goto(harness.url(`/desk?access_token=${token}`))
  await desk.getByLabel('Digit 1 of 6').click()
  await desk.keyboard.type(pin.replace(/\s/g, ''))
  await desk.keyboard.press('Enter')
  await allow(shop)
  await desk.waitForFunction(() => {
    const copy = document.querySelector('iframe')?.contentDocument
    // The shop masks, so its names are others in the copy.
    const widths = [...(copy?.images ?? [])].map(({ naturalWidth }) => naturalWidth)
    return widths.filter((width) => width === 480).length === 16 && widths.some((width) => width > 480)
  })
  expect(
    await desk.evaluate(() => {
      const copy = document.querySelector('iframe')!.contentDocument!
      const backgrounds = [...copy.querySelectorAll('*')].map((element) => getComputedStyle(element).backgroundImage)
      return backgrounds.find((background) => background.includes('linear-gradient') && background.includes('url('))
    }),
  ).toMatch(/^url\("http:\/\/[^/]+\/assets\/[\w-]+\/[\w-]+"\), linear-gradient/)
  await harness.shot(shop, `shop-${browser}`)
  await harness.shot(desk, `desk-with-pictures-${browser}`)
  await shop.locator('.evening').scrollIntoViewIfNeeded()
  await desk.waitForFunction(() => (document.querySelector('iframe')?.contentWindow?.scrollY ?? 0) > 400)
  await harness.shot(desk, `desk-scrolled-${browser}`)
  await shop.close()
})
