import * as quiet from '@alongside/mirror/capture/quiet'
import { decodeHeader, FLAG_DEFLATED, HEADER_BYTES, SERVER_ID } from '@alongside/protocol'
import { afterEach, expect, test } from 'vitest'
import { ManualClock } from '../../server/testing/manual-clock.ts'
import { inflate } from '../connection/compression.ts'
import { Assets } from './assets.ts'
import { PageMask } from './page-mask.ts'
import { PageShare } from './page-share.ts'
import type { Load } from './part.ts'

let share: PageShare
afterEach(() => share.closeAll())

/** A share and the first frames of the streams that it began. */
function open(recorded = () => false, load: Load = () => Promise.reject(new Error('nothing is to be loaded'))) {
  const manual = new ManualClock()
  const clock = { now: () => manual.now(), after: (ms: number, run: () => void) => manual.after(ms, run) }
  const begun: number[] = []
  const answers: number[][] = []
  const mask = new PageMask({}, undefined)
  const frames: Promise<string>[] = []
  share = new PageShare({
    mask,
    excluded: new Set(),
    assets: new Assets({ origin: location.origin, clock }),
    settings: {},
    load,
    clock,
    recorded,
    send(frame) {
      const header = decodeHeader(frame)
      if (header?.kind === 'probe')
        answers.push([header.peer, header.sequence, new DataView(frame.buffer).getUint32(HEADER_BYTES)])
      else if (header?.sequence === 1) begun.push(header.peer)
      if (header?.kind === 'content') frames.push(textOf(frame.slice(HEADER_BYTES), header.flags & FLAG_DEFLATED))
      return true
    },
    onError(error) {
      throw error
    },
  })
  return { clock: manual, begun, answers, mask, frames }
}

async function textOf(payload: Uint8Array<ArrayBuffer>, deflated: number): Promise<string> {
  return new TextDecoder('latin1').decode(deflated ? await inflate(payload, 1e7) : payload)
}

const restart = (peer: number) => share.receive({ kind: 'restart', flags: 0, peer, sequence: 0 })

test('CON-215 a restart begins the stream anew, after at least half a second, and twice as long each time', async () => {
  const { clock, begun } = open()
  share.open(2)
  await expect.poll(() => begun).toEqual([2])
  clock.advance(500)
  restart(2)
  await expect.poll(() => begun).toEqual([2, 2])
  for (let times = 0; times < 50; times++) restart(2)
  clock.advance(999)
  expect(clock.pending).toBe(1)
  clock.advance(1)
  await expect.poll(() => begun).toEqual([2, 2, 2])
  expect(clock.pending).toBe(0)
  // A storm of ten minutes.
  let times = 0
  for (let seconds = 0; seconds < 600; seconds++) {
    restart(2)
    const waits = clock.pending
    clock.advance(1_000)
    if (clock.pending < waits) times++
  }
  expect(times).toBeGreaterThanOrEqual(Math.floor(600 / 16))
  expect(times).toBeLessThan(5 + 600 / 16)
  // Whoever has kept quiet for long enough is served at once.
  clock.advance(32_000)
  for (const waits of [0, 1]) {
    restart(2)
    expect(clock.pending).toBe(waits)
  }
})

test('CON-216 a restart of an agent without a stream begins none', async () => {
  const { clock, begun } = open()
  restart(2)
  share.open(3)
  restart(3)
  share.close(3)
  restart(3)
  clock.advance(1_000)
  share.open(4)
  await expect.poll(() => begun).toEqual([4])
  expect(clock.pending).toBe(0)
})

test('SES-412 a page answers a probe with the age of what the agent did not confirm, and only agents with a stream', async () => {
  const { clock, begun, answers } = open()
  const say = (kind: 'ack' | 'probe', sequence: number, peer = 2) => share.receive({ kind, flags: 0, peer, sequence })
  say('probe', 1)
  share.open(2)
  await expect.poll(() => begun).toEqual([2])
  clock.advance(340)
  say('probe', 2)
  say('probe', 3, 9)
  say('ack', 1)
  say('probe', 4)
  expect(answers).toEqual([
    [2, 2, 340],
    [2, 4, 0],
  ])
})

test('REC-40 a recorded page streams to the recording too, from the first agent to the last', async () => {
  const recorded = { on: true }
  const { begun } = open(() => recorded.on)
  share.open(2)
  await expect.poll(() => begun).toEqual([2, SERVER_ID])
  share.open(3)
  share.close(2)
  await expect.poll(() => begun).toEqual([2, SERVER_ID, 3])
  share.close(3)
  restart(SERVER_ID)
  // With the last agent the recording's stream ended too: the next agent brings both.
  share.open(4)
  await expect.poll(() => begun).toEqual([2, SERVER_ID, 3, 4, SERVER_ID])
  recorded.on = false
  share.close(SERVER_ID)
  share.open(5)
  await expect.poll(() => begun).toEqual([2, SERVER_ID, 3, 4, SERVER_ID, 5])
})

const MINE = { name: 'mine', maskCssSelectors: '.mine' }

test.for([
  ['that mask it', [MINE], []],
  [
    'that mask something else',
    [{ ...MINE, maskCssSelectors: '.other' }],
    ['GAPTYPED', 'GAPCHOSEN', 'GAPTEXT', 'GAPNAME'],
  ],
] as const)(
  'MSK-70 between the arrival of rules %s and the copy under them nothing leaves',
  async ([, rules, shown]) => {
    const page = document.body.appendChild(document.createElement('div'))
    page.innerHTML = `<p class="mine">before</p><input class="mine" id="typed"><div class="mine" id="box"></div>
    <form id="login"></form><input class="mine" type="checkbox" id="check"><p id="free">FREEWORD</p>`
    const find = (id: string) => page.querySelector<HTMLInputElement>(`#${id}`)!
    const loaded = Promise.withResolvers<typeof quiet>()
    const { clock, begun, mask, frames } = open(undefined, (() => loaded.promise) as Load)
    /** Acknowledges what was sent, and returns it. */
    const acknowledge = () => {
      for (let sequence = 1; sequence <= frames.length; sequence++)
        share.receive({ kind: 'ack', flags: 0, peer: 2, sequence })
      return sent()
    }
    const sent = async () => (await Promise.all(frames)).join()
    try {
      share.open(2)
      await expect.poll(sent).toContain('FREEWORD')
      clock.advance(100)
      find('free').textContent = 'EVERYCHANGE'
      await expect.poll(acknowledge).toContain('EVERYCHANGE')
      const before = frames.length

      const arrived = mask.obey({ rules: [...rules], detectors: [] }, (() => loaded.promise) as Load)
      find('typed').value = 'GAPTYPED'
      find('typed').dispatchEvent(new InputEvent('input', { bubbles: true }))
      find('check').click()
      await twoFrames()
      expect(frames.length).toBe(before)
      loaded.resolve(quiet)
      await arrived
      share.remask()
      expect(clock.pending).toBe(1)

      page.querySelector('.mine')!.textContent = 'GAPTEXT'
      page.querySelector('.mine')!.setAttribute('title', 'GAPNAME')
      find('box').innerHTML = '<select><option selected>GAPCHOSEN</option></select>'
      // A password that was never seen as one by any copy, and is shown before the next begins.
      find('login').innerHTML = '<input type="password" id="secret">'
      find('secret').value = 'GAPPASSWORD'
      await twoFrames()
      find('secret').type = 'text'
      await twoFrames()
      // And one in the very task in which the copy begins.
      find('login').insertAdjacentHTML('beforeend', '<input type="password" id="late">')
      find('late').value = 'GAPLATE'
      find('late').type = 'text'
      expect(frames.length).toBe(before)
      clock.advance(400)
      await expect.poll(() => begun).toEqual([2, 2])
      find('free').textContent = 'AFTERWORD'
      await expect.poll(acknowledge).toContain('AFTERWORD')
      const after = (await Promise.all(frames.slice(before))).join()
      expect([...new Set(after.match(/GAP[A-Z]+/g))].sort()).toEqual([...shown].sort())
    } finally {
      page.remove()
    }
  },
)

/** As long as a change takes at most to be sent; the test sees one sent before. */
async function twoFrames(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame)
}
