import type { Frame, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endSession, GuestSite, PLACEHOLDER, shows } from './guest-site.ts'

let site: GuestSite
beforeAll(async () => {
  site = await GuestSite.open()
})
afterAll(() => site.close())

/** A page with a hostile guest, which has been asked for a stream, and one that means well. */
async function open(browser: 'chromium' | 'firefox') {
  const { customer, agent } = await site.pair(browser, ['pay/hostile', 'pay/form'], {
    trustedOrigins: [site.origin('pay')],
  })
  await shows(agent, 'Pay here')
  const [, hostile, honest] = customer.frames() as [Frame, Frame, Frame]
  await hostile.waitForFunction(() => window.heard.some(({ type }) => type === 'open'))
  return { customer, agent, hostile, honest }
}

/** The rest goes on, and of the hostile one there is a note. */
async function unharmed(customer: Page, agent: Page, honest: Frame): Promise<void> {
  await honest.evaluate(() => document.body.append('goes on'))
  await shows(agent, 'goes on')
  await customer.evaluate(() => document.body.append('the page, too'))
  await shows(agent, 'the page, too')
  expect((await agent.evaluate(() => window.copyText())).split(PLACEHOLDER)).toHaveLength(2)
  expect(await customer.evaluate(() => window.events.map(([name]) => name))).not.toContain('session_error')
  await endSession(customer, agent)
}

const cutOff = (hostile: Frame) => hostile.waitForFunction(() => window.heard.some(({ type }) => type === 'end'))

describe.each(['chromium', 'firefox'] as const)('hostile iframes, in %s', (browser) => {
  test.each([
    [
      'floods',
      () => {
        const { stream } = window.heard.find(({ type }) => type === 'open')!
        for (let i = 0; i < 20_000; i++) window.port.postMessage({ type: 'frame', stream, frame: new Uint8Array(1000) })
      },
    ],
    [
      'sends a frame larger than any',
      () => {
        const { stream } = window.heard.find(({ type }) => type === 'open')!
        window.port.postMessage({ type: 'frame', stream, frame: new Uint8Array(5_000_000) })
      },
    ],
    [
      'sends a frame without bytes',
      () => {
        const { stream } = window.heard.find(({ type }) => type === 'open')!
        window.port.postMessage({ type: 'frame', stream, frame: new Uint8Array(0) })
      },
    ],
    [
      'sends what is no frame',
      () => {
        const { stream } = window.heard.find(({ type }) => type === 'open')!
        window.port.postMessage({ type: 'frame', stream, frame: { length: 10 } })
      },
    ],
    [
      'speaks of streams of others',
      () => {
        const { stream } = window.heard.find(({ type }) => type === 'open')!
        for (const other of [stream! - 1, stream! + 1])
          window.port.postMessage({ type: 'frame', stream: other, frame: new Uint8Array(10) })
      },
    ],
    ['says what nobody says', () => window.port.postMessage({ type: 'open', stream: 1 })],
    ['says nothing', () => window.port.postMessage(null)],
    [
      'brings a file under a key of others',
      () =>
        window.port.postMessage({
          type: 'asset',
          key: `${window.offer!.prefix.split('_')[0]}-0`,
          file: new Uint8Array(9),
        }),
    ],
    [
      'brings files without end',
      () => {
        for (let i = 0; i < 2_000; i++)
          window.port.postMessage({ type: 'asset', key: `${window.offer!.prefix}-${i}`, file: new Uint8Array(9) })
      },
    ],
  ] as [string, () => void][])('FRM-20 one that %s is cut off, and nothing else suffers', async (_, act) => {
    const { customer, agent, hostile, honest } = await open(browser)
    await hostile.evaluate(act)
    await cutOff(hostile)
    await unharmed(customer, agent, honest)
  })

  test('FRM-21 bytes that are no frames of the mirror end in a note for that one only', async () => {
    const { customer, agent, hostile, honest } = await open(browser)
    await hostile.evaluate(() => {
      const { stream } = window.heard.find(({ type }) => type === 'open')!
      window.port.postMessage({ type: 'frame', stream, frame: Uint8Array.of(1, 1, 200, 3, 4, 5) })
    })
    await hostile.waitForFunction(() => window.heard.some(({ type }) => type === 'next'))
    await unharmed(customer, agent, honest)
  })

  test('FRM-22 who answers for an iframe that is gone is not heard', async () => {
    const { customer, agent, hostile, honest } = await open(browser)
    await honest.evaluate(() =>
      addEventListener('message', ({ data, ports: [given] }) => {
        if (data?.type !== 'take') return
        window.port = given!
        parent.frames[0]!.postMessage({ type: 'taken' }, '*')
      }),
    )
    await hostile.evaluate(
      () =>
        new Promise<void>((resolve) => {
          addEventListener('message', ({ data }) => data?.type === 'taken' && resolve())
          parent.frames[1]!.postMessage({ type: 'take' }, '*', [window.port])
        }),
    )
    await customer
      .locator('iframe')
      .first()
      .evaluate((frame) => frame.remove())
    await honest.evaluate(() => window.port.postMessage({ type: 'ready', loading: false }))
    await honest.evaluate(() => document.body.append('goes on'))
    await shows(agent, 'goes on')
    expect(await agent.evaluate(() => window.copyText())).not.toContain(PLACEHOLDER)
    await endSession(customer, agent)
  })

  test('FRM-23 messages to the window of the customer’s page are not listened to', async () => {
    const { customer, agent, hostile, honest } = await open(browser)
    await hostile.evaluate(() => {
      for (const type of ['ready', 'frame', 'gone', 'asset'])
        parent.postMessage({ alongside: 'guest', type, stream: 1, frame: new Uint8Array(9), key: 'x' }, '*', [
          new MessageChannel().port2,
        ])
    })
    await unharmed(customer, agent, honest)
  })

  test('FRM-24 one that breaks the rules again and again is not asked again', async () => {
    const { customer, agent, honest } = await open(browser)
    const iframe = customer.locator('iframe').first()
    const reload = () =>
      iframe.evaluate(
        (frame: HTMLIFrameElement) =>
          new Promise<void>((resolve) => {
            frame.addEventListener('load', () => resolve(), { once: true })
            frame.src += '?'
          }),
      )
    for (let round = 0; round < 4; round++) {
      const hostile = customer.frames()[1]!
      await hostile.waitForFunction(() => window.heard.some(({ type }) => type === 'open'))
      await hostile.evaluate(() => window.port.postMessage('nonsense'))
      await cutOff(hostile)
      await reload()
    }
    await unharmed(customer, agent, honest)
    expect(await customer.frames()[1]!.evaluate(() => window.offer)).toBe(undefined)
  })
})
