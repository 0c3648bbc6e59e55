import {
  type AgentMessage,
  type AlongsideError,
  type ErrorMessage,
  encodeFrame,
  RECOVERY_WINDOW_MS,
  type ToAgent,
} from '@alongside/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { ManualClock } from '../../server/testing/manual-clock.ts'
import { Line } from './line.ts'
import { readServerError } from './server-error.ts'
import { FakeSockets } from './testing/fake-sockets.ts'

const ASKED: ToAgent = { type: 'asked', sessionId: 's1', participant: 2, secret: 'one', customerName: 'Cora' }
const HELLO: AgentMessage = { type: 'join', version: 1, token: 't', pinCode: '123456' }

const RESUMED: ToAgent = { type: 'resumed', secret: 'two', state: 'asked' }

afterEach(() => vi.restoreAllMocks())

function openLine(random = () => 0, clock = new ManualClock()) {
  const sockets = new FakeSockets()
  const seen: unknown[] = []
  const line = new Line<AgentMessage, ToAgent>({
    url: 'ws://server/socket',
    hello: HELLO,
    clock,
    random,
    open: sockets.open,
    onMessage: (message) => seen.push(message),
    onFrame: (header, payload) => seen.push({ ...header, payload: [...payload] }),
    onLost: (attempt) => seen.push({ lost: attempt }),
    onFailed: ({ code }: AlongsideError) => seen.push({ failed: code }),
  })
  return { clock, sockets, seen, line }
}

test('CON-201 says who it is first, and passes messages and frames on', () => {
  const { sockets, seen, line } = openLine()
  sockets.last.accept()
  sockets.last.say(ASKED)
  sockets.last.frame(encodeFrame({ kind: 'content', flags: 1, peer: 1, sequence: 1 }, new Uint8Array([7])))
  line.send({ type: 'leave' })
  expect(sockets.last.sent).toEqual([HELLO, { type: 'leave' }])
  expect(seen).toEqual([ASKED, { kind: 'content', flags: 1, peer: 1, sequence: 1, payload: [7] }])
  line.close()
})

test('CON-202 a dropped line comes back with the last secret', () => {
  const { clock, sockets, seen, line } = openLine()
  sockets.last.accept()
  sockets.last.say(ASKED)
  for (const [used, next] of [
    ['one', 'two'],
    ['two', 'three'],
  ] as const) {
    sockets.last.drop()
    expect(line.sendFrame(new Uint8Array(8))).toBe(false)
    clock.advance(250)
    sockets.last.accept()
    expect(sockets.last.sent).toEqual([{ type: 'resume', version: 1, sessionId: 's1', secret: used }])
    sockets.last.say({ type: 'resumed', secret: next, state: 'asked' })
  }
  expect(seen.filter((entry) => 'lost' in (entry as object))).toEqual([{ lost: 1 }, { lost: 1 }])
  line.close()
  expect(clock.pending).toBe(0)
})

test('CON-203 gives up with 1016 when the recovery window is over', () => {
  const { clock, sockets, seen } = openLine()
  sockets.last.accept()
  sockets.last.say(ASKED)
  const begin = clock.now()
  sockets.last.drop()
  for (let tries = 0; !seen.some((entry) => 'failed' in (entry as object)); tries++) {
    expect(tries).toBeLessThan(100)
    clock.advance(8_000)
    if (sockets.last.isOpen) sockets.last.drop()
  }
  expect(seen.at(-1)).toEqual({ failed: 1016 })
  expect(clock.now() - begin).toBeLessThan(RECOVERY_WINDOW_MS + 16_000)
  expect(sockets.all.length).toBeGreaterThan(10)
  expect(clock.pending).toBe(0)
})

test('SES-145 many lines that a server closes come back soon, apart from each other, though it is away for a minute', () => {
  const lines = Array.from({ length: 50 }, (_, index) => openLine(() => index / 50))
  const firstTries = lines.map(({ clock, sockets }) => {
    sockets.last.accept()
    sockets.last.say(ASKED)
    const begin = clock.now()
    sockets.last.drop()
    while (sockets.all.length === 1 && clock.now() < begin + 1_000) clock.advance(1)
    return clock.now() - begin
  })
  expect(Math.min(...firstTries)).toBeGreaterThanOrEqual(125)
  expect(Math.max(...firstTries)).toBeLessThanOrEqual(250)
  expect(new Set(firstTries).size).toBeGreaterThan(45)
  for (const { clock, sockets, seen, line } of lines) {
    // Connections are refused.
    for (const end = clock.now() + 60_000; clock.now() < end; clock.advance(100)) sockets.last.drop()
    for (const end = clock.now() + 10_000; !sockets.last.isOpen && clock.now() < end; ) clock.advance(100)
    sockets.last.accept()
    sockets.last.say({ type: 'resumed', secret: 'two', state: 'asked' })
    expect(seen.at(-1)).toMatchObject({ type: 'resumed' })
    line.close()
  }
})

test('CON-204 a server that is not there is 1016 at the first try, one that does not answer within six seconds too', () => {
  const absent = openLine()
  absent.sockets.last.drop()
  expect(absent.seen).toEqual([{ failed: 1016 }])
  const silent = openLine()
  silent.clock.advance(5_999)
  expect(silent.seen).toEqual([])
  silent.clock.advance(1)
  expect(silent.seen).toEqual([{ failed: 1016 }])
  expect(silent.sockets.last.isOpen).toBe(false)
})

test('CON-205 a closed line calls nothing any more and may be closed again', () => {
  const { clock, sockets, seen, line } = openLine()
  sockets.last.accept()
  sockets.last.say(ASKED)
  line.close()
  line.close()
  sockets.last.say({ type: 'ended', reason: 'expired' })
  sockets.last.drop()
  clock.advance(RECOVERY_WINDOW_MS)
  expect(seen).toEqual([ASKED])
  expect(sockets.all).toHaveLength(1)
})

test('CON-206 what is no message of the protocol is ignored', () => {
  const { sockets, seen, line } = openLine()
  sockets.last.accept()
  for (const text of ['', '{', '[]', 'null', '{"type":5}', '"x"']) sockets.last.text(text)
  sockets.last.say(ASKED)
  sockets.last.frame(new Uint8Array([1, 2, 3]))
  sockets.last.text('{"type":"error","code":77}')
  const [, unknown] = seen as [unknown, ErrorMessage]
  expect(seen).toEqual([ASKED, { type: 'error', code: 77 }])
  expect(readServerError(unknown).code).toBe(9999)
  line.close()
})

/** An open line in a computer with a clock on the wall. While it sleeps that one goes on, and the browser's own does or
 *  does not, by system; timers come late. */
function openLaptop() {
  const clock = new ManualClock()
  let ahead = 0
  vi.spyOn(Date, 'now').mockImplementation(() => clock.now() + ahead)
  const laptop = openLine(undefined, clock)
  const { sockets } = laptop
  sockets.last.accept()
  sockets.last.say(ASKED)
  clock.advance(40_000)
  const sleep = (ms: number, ticks: boolean) => {
    if (ticks) clock.sleep(ms)
    else ahead += ms
  }
  /** Lets the line notice. Nothing tells the browser that its socket is dead. */
  const notice = () => {
    const end = clock.now() + 15_000
    while (sockets.last.isOpen && clock.now() < end) clock.advance(10)
  }
  return { ...laptop, clock, sleep, notice }
}

const CLOCKS = [
  ['goes on', true],
  ['stands still', false],
] as const

test.each(CLOCKS)('CON-217 wakes with a dead socket and is back, in a browser whose clock %s', (_name, ticks) => {
  const { clock, sockets, seen, line, sleep, notice } = openLaptop()
  sleep(100_000, ticks)
  notice()
  expect(sockets.last.isOpen).toBe(false)
  expect(seen.slice(1)).toEqual([{ lost: 1 }])
  clock.advance(250)
  sockets.last.accept()
  expect(sockets.last.sent).toEqual([{ type: 'resume', version: 1, sessionId: 's1', secret: 'one' }])
  sockets.last.say(RESUMED)
  expect(seen.at(-1)).toEqual(RESUMED)
  clock.advance(600_000)
  expect(sockets.all).toHaveLength(2)
  line.close()
  expect(clock.pending).toBe(0)
})

test.each(CLOCKS)('CON-218 wakes after the session was given up, in a browser whose clock %s', (_name, ticks) => {
  const { clock, sockets, seen, line, sleep, notice } = openLaptop()
  sleep(3_600_000, ticks)
  notice()
  clock.advance(250)
  sockets.last.accept()
  sockets.last.say({ type: 'error', code: 1107 })
  expect(seen.slice(1)).toEqual([{ lost: 1 }, { type: 'error', code: 1107 }])
  line.close()
  clock.advance(RECOVERY_WINDOW_MS)
  expect(sockets.all).toHaveLength(2)
})

test.each(CLOCKS)(
  'CON-218 wakes without a network, in a browser whose clock %s: 1016 two minutes later',
  (_name, ticks) => {
    const { clock, sockets, seen, sleep, notice } = openLaptop()
    sleep(3_600_000, ticks)
    notice()
    const woken = clock.now()
    while (clock.now() < woken + 90_000) {
      clock.advance(1_000)
      sockets.last.drop()
    }
    expect(seen.some((entry) => 'failed' in (entry as object))).toBe(false)
    while (clock.now() < woken + 140_000) {
      clock.advance(1_000)
      sockets.last.drop()
    }
    expect(seen.at(-1)).toEqual({ failed: 1016 })
    expect(clock.pending).toBe(0)
  },
)

test('CON-218 falls asleep while it is down: it tries once more before it gives up', () => {
  const { clock, sockets, seen, sleep } = openLaptop()
  sockets.last.drop()
  clock.advance(250)
  sockets.last.drop()
  sleep(3_600_000, true)
  clock.advance(1)
  expect(sockets.all).toHaveLength(3)
  sockets.last.drop()
  expect(seen.slice(1)).toEqual([{ lost: 1 }, { lost: 2 }, { failed: 1016 }])
  expect(clock.pending).toBe(0)
})

test.each(CLOCKS)('CON-219 timers that come late are no sleep, in a browser whose clock %s', (_name, ticks) => {
  const { clock, sockets, seen, line, sleep } = openLaptop()
  for (let minute = 0; minute < 30; minute++) {
    sleep(60_000, ticks)
    clock.advance(15_000)
  }
  expect(seen).toEqual([ASKED])
  expect(sockets.all).toHaveLength(1)
  line.close()
})

test('CON-220 tries at once when it is told to, however long the browser held its timers', () => {
  const { clock, sockets, seen, line, sleep } = openLaptop()
  line.retry()
  expect(sockets.all).toHaveLength(1)
  sockets.last.drop()
  sleep(50_000, true)
  line.retry()
  expect(sockets.all).toHaveLength(2)
  line.retry()
  clock.advance(250)
  expect(sockets.all).toHaveLength(2)
  sockets.last.accept()
  sockets.last.say(RESUMED)
  expect(seen.slice(1)).toEqual([{ lost: 1 }, RESUMED])
  line.close()
  expect(clock.pending).toBe(0)
})
