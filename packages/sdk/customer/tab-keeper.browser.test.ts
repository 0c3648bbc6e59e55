import { afterEach, expect, test, vi } from 'vitest'
import { PlaceKeeper } from '../agent/place-keeper.ts'
import { cookieOf, findKept, KEEP_AS, readCookie } from './kept-session.ts'
import { TabKeeper } from './tab-keeper.ts'

const ORIGIN = 'https://cobrowse.example'
const SHARED = { multiTabSessionPersistence: { enable: true, stateCookieKey: 'kept' } }
const features = { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true, presence: true }
const STATE = {
  sessionId: 's',
  secret: 'one',
  startTime: 1,
  skew: 0,
  paused: false,
  met: true,
  settings: { consent: 'always', features } as const,
  agents: [2],
}
/** As the page before left it. */
const LEFT = { ...STATE, tab: 'former', origin: ORIGIN, left: Date.now() }
const PLACE = { sessionId: 's', secret: 'one', customerName: 'Cora', participant: 2 }

afterEach(() => {
  vi.restoreAllMocks()
  sessionStorage.clear()
  putCookie('', 0)
})

function putCookie(value: string, maxAge = 60): void {
  document.cookie = `kept=${value}; path=/; max-age=${maxAge}`
}

/** What is no session of ours, as another script, an older version or a stranger may have left it. */
const STRANGE: [string, string][] = [
  ['no JSON', '{"sessionId'],
  ['a number', '7'],
  ['null', 'null'],
  ['a list', '[]'],
  ['other fields', '{"user":"Cora"}'],
  ['a session without agents, as an older version may write it', JSON.stringify({ ...LEFT, agents: undefined })],
  ['agents that are no list', JSON.stringify({ ...LEFT, agents: '2' })],
  ['no settings', JSON.stringify({ ...LEFT, settings: null })],
  ['another server', JSON.stringify({ ...LEFT, origin: 'https://other.example' })],
  ['a page that was left three minutes ago', JSON.stringify({ ...LEFT, left: Date.now() - 180_000 })],
]

test.each(STRANGE)('SES-340 %s is no session that could be taken up', async (_name, text) => {
  sessionStorage.setItem(KEEP_AS, text)
  expect(await findKept({}, ORIGIN, undefined)).toBeUndefined()
  expect(new TabKeeper({}, ORIGIN).read()).toBeUndefined()
  sessionStorage.clear()
  putCookie(btoa(encodeURIComponent(text)))
  expect(await findKept(SHARED, ORIGIN, undefined)).toBeUndefined()
  expect(new TabKeeper(SHARED, ORIGIN).read()).toBeUndefined()
})

test('SES-340 a damaged cookie is none, and a session that was left is found in storage and in a cookie', async () => {
  putCookie('%%%')
  expect(readCookie('kept')).toBeUndefined()
  sessionStorage.setItem(KEEP_AS, JSON.stringify(LEFT))
  expect(await findKept({}, ORIGIN, undefined)).toEqual(LEFT)
  sessionStorage.clear()
  putCookie(btoa(encodeURIComponent(JSON.stringify(LEFT))))
  expect(await findKept(SHARED, ORIGIN, undefined)).toEqual(LEFT)
})

test('SES-341 a browser without storage, or with full storage, keeps nothing and breaks nothing', async () => {
  const fault = () => {
    throw new DOMException('no', 'SecurityError')
  }
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(fault)
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(fault)
  vi.spyOn(Storage.prototype, 'removeItem').mockImplementation(fault)
  for (const settings of [{}, SHARED]) {
    const keeper = new TabKeeper(settings, ORIGIN)
    keeper.hold(STATE)
    keeper.leave()
    expect(keeper.read()?.sessionId).toBe(cookieOf(settings) && 's')
    keeper.forget('s')
    expect(keeper.read()).toBeUndefined()
  }
  const place = await PlaceKeeper.find(ORIGIN)
  place.hold(PLACE)
  place.leave()
  place.recall()
  expect(place.kept).toBeUndefined()
  vi.restoreAllMocks()

  // The real quota, down to the last characters.
  for (let size = 1 << 24; size >= 1; size = size >> 1) {
    try {
      sessionStorage.setItem(`filled-${size}`, 'x'.repeat(size))
    } catch {
      // That much there is not.
    }
  }
  const full = new TabKeeper({}, ORIGIN)
  full.hold(STATE)
  full.leave()
  expect(full.read()).toBeUndefined()
})

test('SES-342 of two tabs that share, the last word counts, and a tab that gave the session away writes nothing', () => {
  const one = new TabKeeper(SHARED, ORIGIN)
  one.hold(STATE)
  sessionStorage.clear()
  const two = new TabKeeper(SHARED, ORIGIN)
  expect(two.tab).not.toBe(one.tab)
  expect(two.isOwn(two.read() ?? LEFT)).toBe(false)
  two.hold({ ...STATE, secret: 'two' })
  one.yield()
  one.leave()
  expect(one.read()).toMatchObject({ secret: 'two', tab: two.tab })
  expect(one.read()?.left).toBeUndefined()
  two.forget('another session')
  expect(one.read()?.secret).toBe('two')
  two.forget('s')
  expect(one.read()).toBeUndefined()
  expect(document.cookie).not.toContain('kept=')
})

test.each(STRANGE.slice(0, 5))(
  'SES-343 an agent finds no place in %s, nor in one of another server',
  async (_name, text) => {
    sessionStorage.setItem('alongside.agent', text)
    expect((await PlaceKeeper.find(ORIGIN)).kept).toBeUndefined()
    const other = new PlaceKeeper('https://other.example')
    other.hold(PLACE)
    other.leave()
    expect((await PlaceKeeper.find(ORIGIN)).kept).toBeUndefined()
  },
)

test('SES-343 an agent’s place is found once its page is left, and not while that lives', async () => {
  const living = new PlaceKeeper(ORIGIN)
  living.hold(PLACE)
  await navigator.locks.query()
  expect((await PlaceKeeper.find(ORIGIN)).kept).toBeUndefined()
  living.leave()
  const next = await PlaceKeeper.find(ORIGIN)
  expect(next.kept).toMatchObject(PLACE)
  next.forget()
  living.recall()
  expect(living.kept).toBeUndefined()
})

test('SES-344 the cookie has the name of the contract where the page gives none, and holds base64', () => {
  const settings = { multiTabSessionPersistence: { enable: true } }
  const company = 'Ñandú 株式会社'
  new TabKeeper(settings, ORIGIN).hold({ ...STATE, settings: { ...STATE.settings, company } })
  const [, text = ''] = /(?:^|; )\$\$ZCB_SESSION\$\$=([^;]*)/.exec(document.cookie) ?? []
  expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
  expect(JSON.parse(decodeURIComponent(atob(text)))).toMatchObject({ sessionId: 's', secret: 'one' })
  expect(readCookie('$$ZCB_SESSION$$')?.settings.company).toBe(company)
  new TabKeeper(settings, ORIGIN).forget('s')
  expect(document.cookie).not.toContain('ZCB')
})
