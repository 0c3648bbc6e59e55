import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AGENTS, Attacker } from './attacker.ts'
import { Harness } from './harness.ts'
import { allow, openOwnPage, Site, seen, until } from './session-site.ts'

/** Markup that makes a browser load an address as soon as it is shown. Each names itself in the path. */
const LOADING: Record<string, (url: string) => string> = {
  img: (url) => `<img src="${url}">`,
  srcset: (url) => `<img srcset="${url} 1x, ${url} 2x">`,
  picture: (url) => `<picture><source srcset="${url}"><img></picture>`,
  'input-image': (url) => `<input type="image" src="${url}">`,
  background: (url) => `<table background="${url}"><tr><td>x</table>`,
  object: (url) => `<object data="${url}" width="9" height="9"></object>`,
  embed: (url) => `<embed src="${url}" width="9" height="9">`,
  srcdoc: (url) => `<iframe srcdoc="<img src='${url}'>"></iframe>`,
  video: (url) => `<video src="${url}" preload="auto" autoplay muted></video>`,
  poster: (url) => `<video poster="${url}"></video>`,
  source: (url) => `<video preload="auto"><source src="${url}"></video>`,
  audio: (url) => `<audio src="${url}" preload="auto"></audio>`,
  link: (url) => `<link rel="stylesheet" href="${url}">`,
  preload: (url) => `<link rel="preload" as="image" href="${url}">`,
  'svg-image': (url) => `<svg><image href="${url}" width="9" height="9"/></svg>`,
  'svg-xlink': (url) => `<svg><image xlink:href="${url}" width="9" height="9"/></svg>`,
  'fe-image': (url) =>
    `<svg><filter id="f1"><feImage href="${url}"/></filter><rect width="9" height="9" filter="url(#f1)"/></svg>`,
  animate: (url) => `<svg><image width="9" height="9"><set attributeName="href" to="${url}" begin="0s"/></image></svg>`,
  sheet: (url) => `<style>.v1{background:url(${url})}</style><p class="v1">x</p>`,
  import: (url) => `<style>@import "${url}";</style>`,
  escaped: (url) => `<style>.v2{background:\\75 \\72l("${url}")}</style><p class="v2">x</p>`,
  'form-feed': (url) => `<style>.v3{x:"\f;background:url(${url})}b{c:"}</style><p class="v3">x</p>`,
  font: (url) => `<style>@font-face{font-family:f2;src:url(${url})}</style><p style="font-family:f2">x</p>`,
  'image-set': (url) => `<style>.v4{--u:"${url}";background:image-set(var(--u) 1x)}</style><p class="v4">x</p>`,
  inline: (url) => `<p style="background:url('${url}')">x</p>`,
  mask: (url) => `<p style="mask-image:url('${url}')">x</p>`,
  content: (url) => `<p style="content:url('${url}')">x</p>`,
  list: (url) => `<ul><li style="list-style-image:url('${url}')">x</ul>`,
  border: (url) => `<p style="border:5px solid;border-image:url('${url}') 30">x</p>`,
}

/** Chromium connects ahead of time for a frame, before it asks the policy: only that none is ever made stops it. */
const FRAME = (url: string) => `<iframe src="${url}"></iframe>`

/** What loads nothing by itself or loads only in one of the engines, and what only a mended parser would load. */
const OTHERS = (url: string) => `
  <link rel="prefetch" href="${url}prefetch"><link rel="preconnect" href="${url}"><link rel="dns-prefetch" href="${url}">
  <link rel="modulepreload" href="${url}module"><link rel="icon" href="${url}icon"><link rel="manifest" href="${url}m">
  <base href="${url}base/"><img src="relative.png"><script src="${url}script"></script>
  <video><track default src="${url}track"></video><iframe srcdoc='<meta http-equiv=refresh content="0;url=${url}refresh">'></iframe>
  <svg><use href="${url}use.svg#x"/><use xlink:href="${url}use.svg#x"/><rect width="9" height="9" fill="url(${url}fill.svg#x)"/>
  <script href="${url}svg-script"></script><x:style>rect{mask:url(${url}svg-x-style)}</x:style></svg>
  <x:style>p{background:url(${url}x-style)}</x:style><x:style>@import "${url}x-import";</x:style>
  <style>@im@im@import x;port y;port "${url}nested-import";</style>
  <style>p{background:u@im@import x;port y;rl(${url}nested-url)}</style>
  <style>:root{--w:url(${url}custom)}body{background:var(--w)}a:hover{background:url(${url}hover)}</style>
  <math><mi href="${url}math">m</mi></math><img attributionsrc="${url}attribution" src="${url}attributed">
  <form action="${url}form"><button formaction="${url}formaction">send</button></form>
  <a href="${url}click" ping="${url}ping" style="cursor:url(${url}cursor),auto;position:fixed;inset:0;opacity:0.5">a link</a>`

let harness: Harness
let site: Site
let attacker: Attacker

/** All ways that load at once. */
const loading = () =>
  Object.entries(LOADING)
    .map(([name, write]) => write(attacker.url + name))
    .join('')

const allMarkup = () => loading() + FRAME(`${attacker.url}frame`) + OTHERS(attacker.url)

beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness)
  attacker = await Attacker.open()
})
afterAll(async () => {
  attacker.close()
  site.close()
  await harness.close()
})

/** Puts the hostile markup into the customer's page, into a frame of the other parsing mode and into a frame in that. */
async function attack(customer: Page, mode: 'standards' | 'quirks'): Promise<void> {
  await customer.evaluate(
    ({ markup, url, quirks }) => {
      const styled = (document: Document) => {
        const view = document.defaultView as Window & typeof globalThis
        const sheet = new view.CSSStyleSheet()
        sheet.replaceSync(`p{background:url(${url}adopted)}`)
        document.adoptedStyleSheets = [sheet]
        const style = document.createElement('style')
        document.body.append(style, 'armed')
        style.append('i{top:0}')
        style.sheet?.insertRule(`p{list-style-image:url(${url}inserted)}`)
      }
      const frames = [document]
      for (let depth = 0; depth < 3; depth++) {
        const inner = frames[depth]!
        inner.open()
        inner.write(
          `${(depth % 2 === 1) === quirks ? '<!DOCTYPE html>' : ''}<html><body><iframe></iframe></body></html>`,
        )
        inner.close()
        frames.push(inner.querySelector('iframe')!.contentDocument!)
      }
      for (const inner of frames.slice(0, 3)) {
        inner.body.insertAdjacentHTML('beforeend', markup)
        styled(inner)
      }
    },
    { markup: allMarkup(), url: attacker.url, quirks: mode === 'quirks' },
  )
}

/** The three documents of the copy, from the outermost in. */
const COPIES = `(() => {
  const found = []
  for (const frame of document.querySelectorAll('iframe')) {
    for (let inner = frame.contentDocument; inner; inner = inner.querySelector('iframe')?.contentDocument) found.push(inner)
  }
  return found.slice(0, 3)
})()`

/** Waits until the browser has painted what it was given, then lets it call where it may: what it had to ask for
 *  before that has been asked for by then. */
async function fence(agent: Page): Promise<number> {
  await agent.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )
  const { connections } = attacker
  await agent.evaluate((url) => fetch(url, { mode: 'no-cors' }).then(() => {}), `${attacker.url}fence`)
  return connections
}

async function expectSilence(agent: Page): Promise<void> {
  expect(await fence(agent)).toBe(0)
  expect(attacker.requests).toEqual(['/fence'])
}

/** Where an agent's page comes from: a company's own site, or the server, whose frame has its policy in a header. */
const PLACES = ['site', 'server'] as const

/** A customer with the hostile page, and an agent whose copy holds all of it. */
async function hostileCopy(browser: Browser, place: (typeof PLACES)[number], mode: 'standards' | 'quirks') {
  const { page: customer, pin } = await site.waiting()
  const agent = await browser.newPage()
  if (place === 'site') await agent.goto(`${site.origin}/agent`)
  else await openOwnPage(agent, harness.url())
  await agent.evaluate(() => {
    document.body.innerHTML = '<div id="root" style="height: 500px"></div>'
  })
  await site.prepareAgent(agent)
  await site.join(agent, pin)
  await allow(customer)
  await until(agent, 'view_ready')
  await seen(agent, 'first')
  attacker.forget()
  await attack(customer, mode)
  await agent.waitForFunction(`${COPIES}.filter((inner) => inner.body?.textContent.includes('armed')).length === 3`)
  const modes = await agent.evaluate(`${COPIES}.map((inner) => inner.compatMode)`)
  const [standards, quirks] = ['CSS1Compat', 'BackCompat']
  expect(modes).toEqual(mode === 'quirks' ? [quirks, standards, quirks] : [standards, quirks, standards])
  return { customer, agent }
}

async function leave(customer: Page, agent: Page): Promise<void> {
  await agent.close()
  await customer.evaluate(() => window.customer.end())
}

describe.each(['chromium', 'firefox'] as const)('in %s', (name) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await AGENTS[name]()
  })
  afterAll(async () => {
    await browser.close()
  })

  test('REP-10 control: an ordinary page with the same markup calls out by each way', async () => {
    attacker.forget()
    const page = await browser.newPage()
    await page.goto(`${site.origin}/agent`)
    await page.evaluate((markup) => document.body.insertAdjacentHTML('beforeend', markup), allMarkup())
    await expect
      .poll(
        () =>
          Object.keys(LOADING)
            .concat('frame')
            .filter((way) => !attacker.requests.includes(`/${way}`)),
        { timeout: 60_000 },
      )
      .toEqual([])
    expect(attacker.connections).toBeGreaterThan(0)
    await page.close()
  })

  for (const place of PLACES) {
    for (const mode of ['standards', 'quirks'] as const)
      test(`REP-10 nothing in the copy calls out: ${mode} page, agent’s page of the ${place}`, async () => {
        const { customer, agent } = await hostileCopy(browser, place, mode)
        // Links and forms are tried as a person would and as a script would.
        await agent.mouse.move(200, 200)
        await agent.mouse.click(210, 210)
        await agent.evaluate(`for (const inner of ${COPIES}) {
          for (const link of inner.querySelectorAll('a')) link.click()
          for (const form of inner.querySelectorAll('form')) HTMLFormElement.prototype.submit.call(form)
        }`)
        await expectSilence(agent)
        await leave(customer, agent)
      })

    test(`REP-11 the policy alone stops what loads, in each document of the copy: agent’s page of the ${place}`, async () => {
      const { customer, agent } = await hostileCopy(browser, place, 'quirks')
      const markup = JSON.stringify(`${loading()}<p id="past-the-gates">`)
      await agent.evaluate(`for (const inner of ${COPIES}) inner.body.insertAdjacentHTML('beforeend', ${markup})`)
      expect(await agent.evaluate(`${COPIES}.every((inner) => inner.getElementById('past-the-gates'))`)).toBe(true)
      await expectSilence(agent)
      await leave(customer, agent)
    })
  }
})
