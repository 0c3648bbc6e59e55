import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { type Key, makeKey, systemClock } from '../packages/server/index.ts'
import { mintToken } from '../packages/server/token.ts'
import { Harness } from './harness.ts'
import { unpackFrame } from './recording-file.ts'
import { allow, Site, seen, start, until } from './session-site.ts'

const PAGE = `<!doctype html><title>A shop</title><p class="mine">PAGESECRET</p><p class="keys">KEYSECRET</p>
  <h1>hello</h1><p class="free">always there</p>`

const key: Key = {
  ...makeKey('dev', randomBytes(32)),
  mask: {
    rules: [
      { name: 'names', maskCssSelectors: '.keys', unmaskCssSelectors: '.lifted' },
      { name: 'accounts', url: ['/account/*'], maskCssSelectors: 'h1' },
    ],
    detectors: [],
  },
}
const broken: Key = {
  ...makeKey('dev', randomBytes(32)),
  mask: { rules: [{ name: 'broken', url: ['/never'], maskCssSelectors: ':unheard-of' }], detectors: [] },
}

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open({ keys: [key] })
  site = await Site.open(harness, ({ url }, response) => {
    if (url === '/agent') return false
    response.setHeader('content-type', 'text/html').end(PAGE)
    return true
  })
})
afterEach(async () => {
  await save(key.mask!.rules)
})
afterAll(async () => {
  site.close()
  await harness.close()
})

/** A customer and an agent who sees the page, and all text of frames that the agent was sent. */
async function pair(settings: CustomerSettings = {}, before?: (customer: Page) => Promise<void>) {
  const customer = await site.customer('chromium', undefined, '/', settings)
  await before?.(customer)
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const agent = await harness.page()
  const sent: string[] = []
  agent.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') sent.push(Buffer.from(unpackFrame(payload)).toString())
    }),
  )
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, pin)
  await allow(customer)
  await until(agent, 'view_ready')
  await seen(agent, 'always there')
  return { customer, agent, sent: () => sent.join('\n') }
}

/** Saves rules as an agent with the right to does, from the desk. */
async function save(rules: object[]): Promise<void> {
  const claims = {
    role: 2,
    userId: 'admin',
    userName: 'Ada',
    seconds: 3_600,
    enableByop: 0,
    enableSettings: 1,
  } as const
  const answer = await fetch(harness.url('/agent/mask'), {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await mintToken(key, claims, systemClock)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      detectors: [],
      rules: rules.map((rule) =>
        Object.fromEntries(
          Object.entries(rule).map(([name, value]) => [
            name.replace('HTML', 'Html').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
            value,
          ]),
        ),
      ),
    }),
  })
  expect(await answer.text()).toContain('rules')
  expect(answer.status).toBe(200)
}

const shown = (agent: Page, selector: string) =>
  agent.evaluate(
    (wanted) => document.querySelector('iframe')?.contentDocument?.querySelector(wanted)?.textContent ?? '',
    selector,
  )

test('MSK-40 masks of key and page add up, and no page opens what its key masks', async () => {
  const { customer, agent, sent } = await pair({ piiMask: { maskCssSelectors: '.mine', unmaskCssSelectors: '.keys' } })
  expect(sent()).not.toContain('SECRET')
  expect(await shown(agent, 'p')).toMatch(/^•+$/)
  await customer.evaluate(() => document.querySelector('.keys')!.classList.add('lifted'))
  await customer.evaluate(() => document.body.append('mark one'))
  await seen(agent, 'mark one')
  expect(sent()).not.toContain('SECRET')
  await customer.evaluate(() => (document.querySelector('.keys')!.className = 'lifted'))
  await seen(agent, 'KEYSECRET')
  // The scan finds what is there.
  expect(sent()).toContain('KEYSECRET')
  expect(sent()).not.toContain('PAGESECRET')
  await customer.evaluate(() => window.customer.end())
})

test('MSK-41 rules of an address count before anything of it is sent, and no longer behind it', async () => {
  const { customer, agent, sent } = await pair()
  await seen(agent, 'hello')
  for (const [path, how] of [
    ['/account/1', 'pushState'],
    ['/account/2', 'replaceState'],
  ] as const) {
    await customer.evaluate(
      ([path, how]) => {
        const heading = document.querySelector('h1')!
        history[how](null, '', path)
        heading.textContent = `ACCOUNTSECRET ${path}`
        document.body.append(`at ${path}`)
      },
      [path, how] as const,
    )
    await seen(agent, `at ${path}`)
    expect(await shown(agent, 'h1')).toMatch(/^[•\s]+$/)
  }
  await customer.evaluate(() => {
    history.pushState(null, '', '/')
    document.querySelector('h1')!.textContent = 'home again'
  })
  await seen(agent, 'home again')
  await customer.evaluate(() => {
    addEventListener('popstate', () => {
      document.querySelector('h1')!.textContent = 'ACCOUNTSECRET back'
      document.body.append('went back')
    })
    history.back()
  })
  await seen(agent, 'went back')
  expect(sent()).not.toContain('ACCOUNTSECRET')
  await customer.evaluate(() => window.customer.end())
})

test('MSK-42 what a saved rule names leaves the agents’ copies at once, and comes back with it', async () => {
  const { customer, agent, sent } = await pair()
  await seen(agent, 'PAGESECRET')
  const before = sent().length
  await save([...key.mask!.rules, { name: 'new', maskCssSelectors: '.mine' }])
  await agent.waitForFunction(() => {
    const copy = document.querySelector('iframe')?.contentDocument?.body?.textContent ?? ''
    return copy.includes('always there') && !copy.includes('PAGESECRET')
  })
  await customer.evaluate(() => (document.querySelector('.mine')!.textContent = 'NEWSECRET'))
  await customer.evaluate(() => document.body.append('mark two'))
  await seen(agent, 'mark two')
  expect(sent().slice(before)).not.toContain('SECRET')
  await save([])
  await seen(agent, 'NEWSECRET')
  await seen(agent, 'KEYSECRET')
  await customer.evaluate(() => window.customer.end())
})

test('MSK-43 a rule of the key that the browser cannot read refuses the session by its name', async () => {
  const other = await Harness.open({ keys: [broken] })
  const shop = await Site.open(other)
  try {
    const customer = await shop.customer()
    const answer = await start(customer, await other.token('customer', 'Cora'))
    expect(answer).toMatchObject({
      success: false,
      error: { code: 1103, setting: 'mask.rules[broken].maskCssSelectors' },
    })
    await expect.poll(() => other.server.counts().sessions).toBe(0)
    expect(await customer.evaluate(() => window.customer.getSessionInfo().sessionStatus)).toBe('idle')
  } finally {
    shop.close()
    await other.close()
  }
})

test('MSK-72 a password that was typed, or was there, and shown before the session began is masked', async () => {
  const { customer, sent } = await pair({}, async (page) => {
    await page.evaluate(() => {
      const below = document.querySelector('h1')!.attachShadow({ mode: 'open' })
      for (const root of [document.body, below]) {
        for (const type of ['password', 'text']) root.append(Object.assign(document.createElement('input'), { type }))
        root.append(Object.assign(document.createElement('input'), { type: 'password', value: 'HIDDENLATER' }))
        // The button that shows them.
        root.append(document.createElement('button'))
        root.lastElementChild!.addEventListener('click', () => {
          for (const field of root.querySelectorAll('input')) field.type = 'text'
        })
      }
    })
    const fields = page.locator('input')
    for (const [index, word] of ['HIDDENONE', 'PLAINONE', '', 'HIDDENTWO', 'PLAINTWO'].entries())
      await fields.nth(index).pressSequentially(word)
    for (const button of await page.locator('button').all()) await button.press('Enter')
  })
  const values = () =>
    customer.locator('input').evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value))
  expect(await values()).toEqual(['HIDDENONE', 'PLAINONE', 'HIDDENLATER', 'HIDDENTWO', 'PLAINTWO', 'HIDDENLATER'])
  await expect.poll(sent).toContain('PLAINONE')
  await expect.poll(sent).toContain('PLAINTWO')
  expect(sent()).not.toContain('HIDDEN')
})
