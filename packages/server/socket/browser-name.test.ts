import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { House } from '../testing/house.ts'
import { readBrowser } from './browser-name.ts'

const FIREFOX_ON_ANDROID = 'Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    { name: 'Chrome', os: 'Windows', kind: 'desktop' },
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
    { name: 'Microsoft Edge', os: 'Windows', kind: 'desktop' },
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    { name: 'Safari', os: 'macOS', kind: 'desktop' },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1',
    { name: 'Chrome', os: 'iOS', kind: 'mobile' },
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    { name: 'Samsung Internet', os: 'Android', kind: 'mobile' },
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    { name: 'Chrome', os: 'ChromeOS' },
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
    { name: 'Firefox', os: 'Linux', kind: 'desktop' },
  ],
  [FIREFOX_ON_ANDROID, { name: 'Firefox', os: 'Android', kind: 'mobile' }],
])('DSK-230 reads %s', (userAgent, browser) => {
  expect(readBrowser(userAgent)).toEqual(browser)
})

test.each([
  undefined,
  '',
  'Call 555-0100 now/1.0',
  '<b>there</b>/1.0',
  '\u202eAna/2',
  'Mozilla/5.0',
  `${FIREFOX_ON_ANDROID} ${'x'.repeat(600)}`,
])('DSK-230 takes nothing of %j', (userAgent) => {
  expect(readBrowser(userAgent)).toBeUndefined()
})

test('DSK-230 tells it to agents who come in, come back, or were there when the customer came back', async () => {
  const browser = { name: 'Firefox', os: 'Android', kind: 'mobile' }
  const options = { headers: { 'user-agent': FIREFOX_ON_ANDROID } }
  const version = PROTOCOL_VERSION
  const first = await house.line(options)
  first.say({ type: 'start', version, token: await house.token(1) })
  const { sessionId, secret } = await first.expect('started')
  const { pin } = await first.expect('pin')
  const { line: agent, asked } = await house.asked(first, pin)
  first.say({ type: 'consent', participant: asked.participant, granted: true })
  expect(await agent.expect('joined')).toMatchObject({ browser })
  await agent.close()
  const back = await house.resume(sessionId, asked.secret)
  expect(await back.expect('resumed')).toMatchObject({ browser })
  await first.close()
  expect(await back.expect('customer_connection')).not.toHaveProperty('browser')
  await house.resume(sessionId, secret, options)
  expect(await back.expect('customer_connection')).toMatchObject({ connected: true, browser })
})
