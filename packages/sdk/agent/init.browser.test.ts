import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AgentSession } from './agent-session.ts'
import { AlongsideAgentSDK, ZoomCobrowseAgentSDK } from './index.ts'

let root: HTMLElement
beforeEach(() => {
  root = document.createElement('div')
  root.id = 'viewer-root'
  document.body.append(root)
})
afterEach(() => root.remove())

/** A token for a key, which no server has signed. */
const tokenFor = (key: string) => `e30.${btoa(JSON.stringify({ app_key: key })).replace(/=+$/, '')}.e30`

const SETTINGS = { appKey: 'shop', zoomAppRoot: '#viewer-root', zoomHostName: 'help.example' }

async function makeSession(): Promise<AgentSession> {
  return (await AlongsideAgentSDK.init(SETTINGS)).session
}

test('API-1 both names of the agent SDK are one object, whose init takes both names of each setting', async () => {
  expect(ZoomCobrowseAgentSDK).toBe(AlongsideAgentSDK)
  const given = [SETTINGS, { appKey: 'shop', root, host: 'https://help.example' }]
  for (const settings of given) {
    const called = vi.fn()
    const answer = await AlongsideAgentSDK.init(settings, called)
    expect(answer).toEqual({
      success: true,
      sdkInfo: { name: 'alongside', protocolVersion: 1 },
      session: answer.session,
    })
    expect(called.mock.calls).toEqual([[answer]])
    const made = await answer.session?.createAgentViewerEndpoint({ pinCode: 'ab-12', sdkToken: tokenFor('shop') })
    expect(made).toMatchObject({
      agentViewerUrl: expect.stringMatching(/^https:\/\/help\.example\/desk\?.*#join=AB12$/),
    })
  }
})

test.each([
  ['appKey', { ...SETTINGS, appKey: '' }],
  ['appKey', { ...SETTINGS, appKey: undefined }],
  ['host', { ...SETTINGS, zoomHostName: 'no host' }],
  ['host', { appKey: 'shop', root: '#viewer-root' }],
  ['root', { ...SETTINGS, zoomAppRoot: '#nothing' }],
  ['root', { ...SETTINGS, zoomAppRoot: '[' }],
])('API-2 a wrong %s is refused by the agent SDK with 1103 and its name', async (setting, settings) => {
  const answer = await AlongsideAgentSDK.init(settings as typeof SETTINGS, () => {})
  expect(answer).toEqual({
    success: false,
    error: {
      code: 1103,
      name: 'SETTING_INVALID',
      setting,
      errorMsg: expect.stringMatching(`^${setting}: expected .*\\.$`),
    },
  })
  await expect(AlongsideAgentSDK.init(settings as typeof SETTINGS)).rejects.toMatchObject({ code: 1103 })
})

test('API-3 every call of the agent’s session answers promise and callback alike, and refused joins are an event too', async () => {
  const session = await makeSession()
  const told: number[] = []
  session.on('session_error', ({ code }) => told.push(code))
  const undone = vi.fn()
  session.on('session_error', undone)()
  const removed = vi.fn()
  session.on('session_error', removed)
  session.off('session_error', removed)
  const good = { pinCode: '123456', sdkToken: tokenFor('shop') }
  const calls: [string, (callback: (answer: object) => void) => Promise<object>, object][] = [
    ['join(callback)', (callback) => session.join(callback), { error: { code: 1107 } }],
    ['join()', (callback) => session.join(undefined, callback), { error: { code: 1107 } }],
    ['a malformed PIN', (callback) => session.join({ ...good, pinCode: '12-?' }, callback), { error: { code: 1008 } }],
    ['no token', (callback) => session.join({ ...good, sdkToken: '' }, callback), { error: { code: 2001 } }],
    ['leave', (callback) => session.leave(callback), { success: true }],
    ['end', (callback) => session.end(callback), { success: true }],
    ['an endpoint', (callback) => session.createAgentViewerEndpoint(good, callback), { success: true }],
    [
      'an endpoint without a PIN',
      (callback) => session.createAgentViewerEndpoint({ ...good, pinCode: '' }, callback),
      { error: { code: 1008 } },
    ],
  ]
  for (const [name, call, expected] of calls) {
    const called = vi.fn()
    const answer = await call(called)
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
    expect(answer, name).toMatchObject(expected)
    expect(called.mock.calls, name).toEqual([[answer]])
  }
  expect(told).toEqual([1107, 1107, 1008, 2001])
  expect([undone, removed].flatMap(({ mock }) => mock.calls)).toEqual([])
})

test('API-4 a token of another SDK key is refused with 2001 before the server is asked', async () => {
  const session = await makeSession()
  const answer = await session.join({ pinCode: '123456', sdkToken: tokenFor('other') })
  expect(answer).toMatchObject({ error: { code: 2001, errorMsg: expect.stringContaining('another SDK key') } })
  expect(session.getSessionInfo()).toEqual({
    sessionId: '',
    sessionStatus: 'idle',
    customerName: '',
    paused: false,
    agents: [],
    recorded: false,
    watchOnly: false,
    participant: 0,
  })
})
