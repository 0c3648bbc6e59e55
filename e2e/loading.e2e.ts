import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../packages/protocol/index.ts'
import { Harness } from './harness.ts'
import { Site } from './session-site.ts'

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness, servePage)
})
afterAll(async () => {
  site.close()
  await harness.close()
})

const script = (path: string) => `<script src="${harness.url(`/static/resource/sdk/${path}`)}"></script>`

/** What the loader snippets leave for the script: a placeholder whose `init` stores its arguments. */
const placeholder = (name: string) =>
  `<script>
    window.${name} = { init() { window.${name}InitArgs = arguments } }
    ${name}.init({ ui: false }, (answer) => (window.answers ??= []).push(['${name}', answer.success, answer.error]))
  </script>`

const PAGES: Record<string, () => string> = {
  '/twice': () =>
    placeholder('ZoomCobrowseSDK') + placeholder('AlongsideSDK') + script('dev/js') + script('dev/js/2.13.x'),
  '/framed': () => '<iframe src="/frame" width="400" height="200"></iframe>',
  '/frame': () => `<!doctype html><p>framed</p>${script('dev/js')}`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the mistake under test
  '/placeholder': () => placeholder('ZoomCobrowseSDK') + script('${ZOOM_SDK_KEY}/js/2.13.2'),
  '/key': () => placeholder('ZoomCobrowseSDK') + script('nobody/js'),
  '/version': () => placeholder('ZoomCobrowseSDK') + script('dev/js/{SDK_VERSION}'),
}

function servePage(request: IncomingMessage, response: ServerResponse): boolean {
  const page = PAGES[request.url ?? '']
  if (page) response.setHeader('content-type', 'text/html').end(page())
  return page !== undefined
}

type Answered = Window & { answers?: [string, boolean, { code: number; name: string; errorMsg: string } | undefined][] }

const answersOf = (count: number) => (window as Answered).answers?.length === count && (window as Answered).answers

describe.each(['chromium', 'firefox'] as const)('in %s', (browser) => {
  test('API-7 a script that is inserted twice answers the calls under both names once each', async () => {
    const page = await harness.page(browser)
    await page.goto(`${site.origin}/twice`)
    const answers = await (await page.waitForFunction(answersOf, 2)).jsonValue()
    expect(answers).toEqual([
      ['AlongsideSDK', true, undefined],
      ['ZoomCobrowseSDK', true, undefined],
    ])
    expect(await page.evaluate(() => Object.keys(window).filter((name) => /^(Alongside|Zoom)/.test(name)))).toEqual([
      'ZoomCobrowseSDK',
      'AlongsideSDK',
    ])
  })

  test('API-8 a script in a framed page without init stays silent until it is asked', async () => {
    const page = await harness.page(browser)
    const heard: string[] = []
    page.on('console', (message) => heard.push(message.text()))
    page.on('websocket', (socket) => heard.push(socket.url()))
    page.on('request', (request) => heard.push(new URL(request.url()).pathname))
    await page.goto(`${site.origin}/framed`)
    expect(await page.frames()[1]?.evaluate(() => 'AlongsideSDK' in window)).toBe(true)
    const expected = ['/framed', '/frame', '/static/resource/sdk/dev/js']
    expect(heard.filter((entry) => !entry.includes('favicon'))).toEqual(expected)
  })

  test.each([
    ['placeholder', 'placeholder'],
    ['key', 'not known to this server'],
  ])('ERR-1104 a script with a wrong key answers promise and callback, and says it once: %s', (name, text) =>
    expectRefusal(browser, name, 1104, text),
  )

  test('ERR-1011 a script of an unknown version answers promise and callback, and says it once', () =>
    expectRefusal(browser, 'version', 1011, 'version'))
})

async function expectRefusal(browser: 'chromium' | 'firefox', name: string, code: 1011 | 1104, text: string) {
  const page = await harness.page(browser)
  const said: string[] = []
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
  await page.goto(`${site.origin}/${name}`)
  const answers = await (await page.waitForFunction(answersOf, 1)).jsonValue()
  const error = { code, name: ERRORS[code].name, errorMsg: expect.stringContaining(text) }
  expect(answers).toEqual([['ZoomCobrowseSDK', false, error]])
  const rejected = await page.evaluate(() =>
    window.AlongsideSDK.init({}).catch((refusal: { code: number; message: string }) => [refusal.code, refusal.message]),
  )
  expect(rejected).toEqual([code, expect.stringContaining(text)])
  expect(said.filter((entry) => entry.startsWith('Alongside: '))).toHaveLength(1)
}

test('API-9 the agent’s script has both names and finds server and key by itself', async () => {
  const page = await harness.page()
  await page.goto(`${site.origin}/agent`)
  await page.addScriptTag({ url: harness.url('/static/resource/sdk/dev/agent/2.13.2') })
  const made = await page.evaluate(async () => {
    const names = window as unknown as Record<string, typeof window.AlongsideAgentSDK>
    const { session } = await window.AlongsideAgentSDK.init({ root: '#root' })
    const url = await session.createAgentViewerEndpoint({ pinCode: '1', sdkToken: 'a.b.c' })
    return { same: names.ZoomCobrowseAgentSDK === names.AlongsideAgentSDK, url }
  })
  expect(made).toMatchObject({ same: true, url: { agentViewerUrl: harness.url('/desk?access_token=a.b.c#join=1') } })
})

test('ERR-1103 a setting that is wrong is named in promise and callback, by both roles', async () => {
  const page = await site.customer()
  await page.addScriptTag({ url: harness.url('/static/resource/sdk/dev/agent') })
  const outcomes = await page.evaluate(async () => {
    const called: object[] = []
    const wrong = { piiMask: { maskCssSelectors: '[' } }
    const customer = await window.AlongsideSDK.init(wrong, (answer) => called.push(answer))
    const agent = await window.AlongsideAgentSDK.init({ root: '#missing' }, (answer) => called.push(answer))
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
    return { answers: [customer, agent], called }
  })
  expect(outcomes.answers).toMatchObject([
    { success: false, error: { code: 1103, setting: 'piiMask.maskCssSelectors' } },
    { success: false, error: { code: 1103, setting: 'root' } },
  ])
  expect(outcomes.called).toEqual(outcomes.answers)
})
