import { decodeHeader, type ToAgent } from '@alongside/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { ManualClock } from '../../server/testing/manual-clock.ts'
import { FakeSockets } from '../connection/testing/fake-sockets.ts'
import { AgentSession } from './agent-session.ts'
import { PROBE_INTERVAL_MS } from './connection-quality.ts'

const SAID: ToAgent[] = [
  { type: 'asked', sessionId: 's', participant: 2, secret: 'x', customerName: 'Cora' },
  { type: 'joined', startTime: 1, agents: [], assets: 't' },
]

afterEach(() => vi.restoreAllMocks())

test('SES-411 nothing is measured while nobody listens, this page is hidden or the customer hides theirs', () => {
  const manual = new ManualClock()
  // A class's methods are not its own properties, and the line reads them so.
  const clock = { now: () => manual.now(), after: (ms: number, run: () => void) => manual.after(ms, run) }
  const sockets = new FakeSockets()
  const root = document.createElement('div')
  document.body.append(root)
  const options = { origin: location.origin, sdkKey: 'shop', root, clock, open: sockets.open }
  const session = new AgentSession(options)
  void session.join({ link: 'l' })
  const { last: socket } = sockets
  socket.accept()
  for (const message of SAID) socket.say(message)
  const beat = () => {
    const before = socket.frames.length
    manual.advance(PROBE_INTERVAL_MS)
    return socket.frames.slice(before).filter((frame) => decodeHeader(frame)?.kind === 'probe').length
  }
  expect([socket.frames.length, beat()]).toEqual([0, 0])
  const undo = session.on('connection_quality', () => {})
  expect(beat()).toBe(2)
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  expect(beat()).toBe(0)
  hidden.mockReturnValue(false)
  expect(beat()).toBe(2)
  socket.say({ type: 'paused', paused: true })
  expect(beat()).toBe(0)
  socket.say({ type: 'paused', paused: false })
  expect(beat()).toBe(2)
  undo()
  expect(beat()).toBe(0)
  void session.leave()
  root.remove()
})
