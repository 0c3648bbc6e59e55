import { afterEach, expect, test, vi } from 'vitest'
import { GLOBAL_NAMES, installGlobals, installRefusal } from '../connection/script-globals.ts'
import { readScriptPlace } from '../connection/script-place.ts'
import { AlongsideSDK, ZoomCobrowseSDK } from './index.ts'
import { createCustomerSdk, type InitAnswer } from './sdk.ts'
import type { CustomerSettings } from './settings.ts'

type Page = Record<string, unknown>
const page = window as unknown as Page

afterEach(() => {
  for (const name of [...GLOBAL_NAMES.customer, ...GLOBAL_NAMES.agent]) {
    delete page[name]
    delete page[`${name}InitArgs`]
  }
})

function makeSdk() {
  return createCustomerSdk<CustomerSettings>(
    () => ({ origin: 'http://server.test', sdkKey: 'shop' }),
    () => Promise.reject(new Error('not loaded')),
  )
}

/** What the documented snippet does before the script is there. */
function placeholder(name: string): { init(...args: unknown[]): void } {
  const made = {
    init(..._args: unknown[]) {
      // biome-ignore lint/complexity/noArguments: the snippet stores them as they are
      page[`${name}InitArgs`] = arguments
    },
  }
  page[name] = made
  return made
}

const INVALID: [string, unknown][] = [
  ['settings', 'all'],
  ['piiMask', 'all'],
  ['piiMask.maskType', { piiMask: { maskType: 'everything' } }],
  ['piiMask.maskCssSelectors', { piiMask: { maskCssSelectors: '.card, [' } }],
  ['piiMask.maskCssSelectors', { piiMask: { maskCssSelectors: ['.card'] } }],
  ['piiMask.maskHTMLAttributes', { piiMask: { maskHTMLAttributes: 'data-secret' } }],
  ['piiMask.unmaskCssSelectors', { piiMask: { unmaskCssSelectors: ':::' } }],
  ['remoteAssist.enable', { remoteAssist: { enable: 'yes' } }],
  ['remoteAssist.remoteAssistTypes', { remoteAssist: { remoteAssistTypes: ['fly'] } }],
  ['remoteAssist.disabledCssSelectors', { remoteAssist: { disabledCssSelectors: '{' } }],
  ['allowAgentAnnotation', { allowAgentAnnotation: 1 }],
  ['confirmSession', { confirmSession: true }],
  ['registration', { registration: 'yes' }],
  ['customData', { customData: { user_name: 7 } }],
  ['customData', { customData: { note: 'x'.repeat(5_000) } }],
  ['ui.code', { ui: { code: 1 } }],
  ['ui', { ui: true }],
  ['ui.theme', { ui: { theme: 'pink' } }],
  ['trustedOrigins', { trustedOrigins: ['https://a.example/path'] }],
]

test.each(INVALID)('SES-221 a wrong %s is refused with 1103 and its name', async (setting, given) => {
  const settings = (setting === 'piiMask' ? { piiMask: given } : given) as CustomerSettings
  const answers: InitAnswer[] = []
  await makeSdk().init(settings, (answer) => answers.push(answer))
  await Promise.resolve()
  expect(answers).toEqual([
    { success: false, error: expect.objectContaining({ code: 1103, name: 'SETTING_INVALID', setting }) },
  ])
  expect(answers[0]?.error?.errorMsg).toContain(setting)
  await expect(makeSdk().init(settings)).rejects.toMatchObject({ code: 1103, detail: { setting } })
})

test('SES-222 every documented setting is accepted, and unknown ones are ignored', async () => {
  const { session } = await makeSdk().init({
    allowAgentAnnotation: true,
    allowCustomerAnnotation: false,
    piiMask: {
      maskType: 'all',
      maskCssSelectors: '.a, #b',
      maskHTMLAttributes: 'data-x=1, data-y=2',
      unmaskCssSelectors: '',
    },
    remoteAssist: { enable: true, remoteAssistTypes: ['scroll_page', 'click'], disabledCssSelectors: '.no' },
    multiTabSessionPersistence: { enable: true, stateCookieKey: '$$ZCB_SESSION$$' },
    confirmSession: () => true,
    ui: { theme: 'dark', position: 'bottom-left', language: 'de', texts: { allow: 'Erlauben' } },
    trustedOrigins: ['https://pay.example.com'],
    ...{ aSettingOfTheFuture: 5 },
  })
  expect(session.getSessionInfo()).toMatchObject({ sessionStatus: 'idle', pinCode: '', sessionId: '' })
})

test('SES-223 the package needs a key and a host', async () => {
  expect(ZoomCobrowseSDK).toBe(AlongsideSDK)
  await expect(AlongsideSDK.init({ appKey: '', host: 'x.example' })).rejects.toMatchObject({ code: 1103 })
  await expect(AlongsideSDK.init({ appKey: 'k' })).rejects.toMatchObject({ detail: { setting: 'host' } })
  await expect(AlongsideSDK.init({ appKey: 'k', zoomHostName: 'x.example' })).resolves.toHaveProperty('session')
})

test('SES-224 no call of a session throws or rejects, and each answers promise and callback alike', async () => {
  const { session } = await makeSdk().init({})
  const events: unknown[] = []
  session.on('session_error', (error) => events.push(error))
  const calls: [string, (callback: (answer: object) => void) => Promise<object>, object][] = [
    ['start', (callback) => session.start({ sdkToken: 't' }, callback), { success: false, error: { code: 1016 } }],
    ['join', (callback) => session.join(callback), { success: false, error: { code: 1107 } }],
    ['pause', (callback) => session.pause(callback), { success: false, error: { code: 1011 } }],
    ['newPin', (callback) => session.newPin(callback), { success: false, error: { code: 1011 } }],
    ['handOff', (callback) => session.handOff('/', callback), { success: false, error: { code: 1011 } }],
    ['end', (callback) => session.end(callback), { success: true }],
  ]
  for (const [name, call, expected] of calls) {
    const called = vi.fn()
    const answer = await call(called)
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
    expect(answer, name).toMatchObject(expected)
    expect(called.mock.calls, name).toEqual([[answer]])
  }
  expect(events).toMatchObject([
    { code: 1016, sessionId: '' },
    { code: 1107, sessionId: '' },
  ])
})

test('SES-225 on returns its undo, and a listener that throws stops nobody', async () => {
  const { session } = await makeSdk().init({})
  const uncaught = new Promise<string>((resolve) =>
    addEventListener(
      'error',
      (event) => {
        event.preventDefault()
        event.stopImmediatePropagation()
        resolve(event.message)
      },
      { once: true, capture: true },
    ),
  )
  const listener = vi.fn()
  const undone = vi.fn()
  session.on('session_error', () => {
    throw new Error('the page’s own')
  })
  session.on('session_error', listener)
  session.on('session_error', undone)()
  const removed = vi.fn()
  session.on('session_error', removed)
  session.off('session_error', removed)
  await session.start({ sdkToken: 't' })
  expect(listener).toHaveBeenCalledTimes(1)
  expect(undone).not.toHaveBeenCalled()
  expect(removed).not.toHaveBeenCalled()
  expect(await uncaught).toContain('the page’s own')
})

test.each(GLOBAL_NAMES.customer)('SES-226 a call that came before the script is made up for: %s', async (name) => {
  const answer = new Promise<InitAnswer>((resolve) => placeholder(name).init({ ui: false }, resolve))
  installGlobals(GLOBAL_NAMES.customer, makeSdk())
  expect((await answer).success).toBe(true)
  expect(page[`${name}InitArgs`]).toBeUndefined()
  expect(page.AlongsideSDK).toBe(page.ZoomCobrowseSDK)
})

test('SES-227 a script that is inserted twice changes nothing the second time', () => {
  const called = vi.fn()
  placeholder('AlongsideSDK').init({}, called)
  const first = makeSdk()
  installGlobals(GLOBAL_NAMES.customer, first)
  installGlobals(GLOBAL_NAMES.customer, makeSdk())
  expect(page.AlongsideSDK).toBe(first)
  expect(page.ZoomCobrowseSDK).toBe(first)
  return expect.poll(() => called).toHaveBeenCalledTimes(1)
})

test('SES-228 a refusal answers, and gives way to a script that works', async () => {
  const refusal = { init: vi.fn() }
  placeholder('AlongsideSDK').init({}, 'early')
  installRefusal(GLOBAL_NAMES.customer, refusal)
  expect(refusal.init).toHaveBeenCalledWith({}, 'early')
  const sdk = makeSdk()
  installGlobals(GLOBAL_NAMES.customer, sdk)
  expect(page.AlongsideSDK).toBe(sdk)
  installRefusal(GLOBAL_NAMES.customer, refusal)
  expect(page.AlongsideSDK).toBe(sdk)
})

test('SES-229 a script finds its server and its key in its own address', () => {
  const script = document.createElement('script')
  script.src = 'https://help.example:8443/static/resource/sdk/abc/js/1.4.x?cache=1'
  expect(readScriptPlace(script)).toEqual({
    origin: 'https://help.example:8443',
    sdkKey: 'abc',
    base: 'https://help.example:8443/static/resource/sdk/abc',
  })
  expect(readScriptPlace(null).origin).toBe(location.origin)
})
