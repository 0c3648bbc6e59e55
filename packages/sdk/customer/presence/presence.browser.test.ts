import { expect, test, vi } from 'vitest'
import { ManualClock } from '../../../server/testing/manual-clock.ts'
import { FakeSockets } from '../../connection/testing/fake-sockets.ts'
import type { DeviceStart } from '../session-face.ts'
import { readDeviceId } from './device-id.ts'
import { Presence } from './presence.ts'

const REGISTER = {
  type: 'register',
  version: 1,
  sdkKey: 'shop',
  deviceId: 'device-1',
  customData: { user_name: 'Cora' },
}
const A_MINUTE_MS = 60_000

function make(start: (options: DeviceStart) => Promise<boolean> = () => Promise.resolve(true)) {
  const clock = new ManualClock()
  const sockets = new FakeSockets()
  const presence = new Presence({
    origin: 'http://server.test',
    sdkKey: 'shop',
    deviceId: 'device-1',
    customData: { user_name: 'Cora' },
    start,
    clock,
    open: sockets.open,
  })
  const enter = () => {
    sockets.last.accept()
    sockets.last.say({ type: 'registered' })
  }
  return { clock, sockets, presence, enter }
}

test('DEV-40 registers once, says which tab the customer looks at, and tells new custom data', () => {
  const { sockets, presence, enter } = make()
  enter()
  presence.update({ user_name: 'Dora' })
  dispatchEvent(new Event('focus'))
  expect(sockets.last.sent).toEqual([
    REGISTER,
    { type: 'focus' },
    { type: 'update', customData: { user_name: 'Dora' } },
    { type: 'focus' },
  ])
  presence.close()
  presence.close()
  dispatchEvent(new Event('focus'))
  expect(sockets.last.sent).toHaveLength(4)
  expect(sockets.last.isOpen).toBe(false)
})

test('DEV-41 comes back by itself, later each time and at most a minute apart, with what is known now', () => {
  const { clock, sockets, presence, enter } = make()
  enter()
  presence.update({ user_name: 'Dora' })
  const waits: number[] = []
  for (let attempt = 0; attempt < 9; attempt++) {
    sockets.last.drop()
    const before = sockets.all.length
    const from = clock.now()
    while (sockets.all.length === before) clock.advance(250)
    waits.push(clock.now() - from)
  }
  expect(waits[0]).toBeLessThanOrEqual(1_000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(A_MINUTE_MS)
  expect(waits.at(-1)).toBeGreaterThanOrEqual(A_MINUTE_MS / 2)
  enter()
  expect(sockets.last.sent[0]).toEqual({ ...REGISTER, customData: { user_name: 'Dora' } })
  sockets.last.drop()
  clock.advance(1_000)
  expect(sockets.all).toHaveLength(11)
  presence.close()
  expect(clock.pending).toBe(0)
})

test('DEV-42 tries at once when the network is back, and rests while the browser keeps the page for the way back', () => {
  const { clock, sockets, presence, enter } = make()
  enter()
  sockets.last.drop()
  dispatchEvent(new Event('online'))
  expect(sockets.all).toHaveLength(2)
  enter()
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  expect(sockets.last.isOpen).toBe(false)
  clock.advance(A_MINUTE_MS)
  expect(sockets.all).toHaveLength(2)
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  expect(sockets.all).toHaveLength(3)
  presence.close()
})

test('DEV-43 a refusal for good is said once on the console and ends it; one for now is obeyed', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { clock, sockets, presence } = make()
  sockets.last.accept()
  sockets.last.say({ type: 'error', code: 1102, retryAfter: 60 })
  clock.advance(59_000)
  expect(sockets.all).toHaveLength(1)
  clock.advance(1_000)
  expect(sockets.all).toHaveLength(2)
  expect(warn).not.toHaveBeenCalled()
  sockets.last.accept()
  sockets.last.say({ type: 'error', code: 1109 })
  clock.advance(A_MINUTE_MS * 10)
  expect(sockets.all).toHaveLength(2)
  expect(warn.mock.calls).toEqual([[expect.stringContaining('This site is not on the list')]])
  warn.mockRestore()
  presence.close()
})

test('DEV-44 an invitation starts a session with it; a page that cannot says so, and an error of its own is a no', async () => {
  const starts: DeviceStart[] = []
  const answers = [() => Promise.resolve(true), () => Promise.resolve(false), () => Promise.reject(new Error('broken'))]
  const { sockets, presence, enter } = make((options) => {
    starts.push(options)
    return (answers.shift() ?? (() => Promise.resolve(false)))()
  })
  enter()
  for (const invitation of ['one', 'two', 'three']) sockets.last.say({ type: 'invited', invitation, userName: 'Ana' })
  await expect.poll(() => sockets.last.sent.slice(2)).toHaveLength(2)
  expect(sockets.last.sent.slice(2)).toEqual([
    { type: 'busy', invitation: 'two' },
    { type: 'busy', invitation: 'three' },
  ])
  expect(starts[0]).toEqual({ deviceId: 'device-1', customData: { user_name: 'Cora' }, invitation: 'one' })
  presence.close()
})

test('DEV-45 a browser has one id on a site, for all its pages', () => {
  localStorage.removeItem('alongside.device')
  const id = readDeviceId()
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(readDeviceId()).toBe(id)
  localStorage.setItem('alongside.device', '<b>')
  expect(readDeviceId()).toMatch(/^[0-9a-f]{32}$/)
})
