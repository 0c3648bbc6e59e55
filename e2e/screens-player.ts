import type { Page } from 'playwright'
import { type ENTRY_KINDS, encodeEntryHead, RECORDING_MAGIC, type RecordingMark } from '../packages/protocol/index.ts'
import { AIDS, harness, pair, snap } from './screens-camera.ts'

type Entry = [kind: keyof typeof ENTRY_KINDS, time: number, payload: Uint8Array | object]

const INFO: Entry = [
  'info',
  0,
  { recordingId: 'r', sessionId: 's', startTime: Date.UTC(2026, 2, 1, 12), customerName: 'Cora Lind' },
]
const mark = (time: number, said: RecordingMark): Entry => ['mark', time, said]

function encode(entries: Entry[]): Buffer {
  const parts = entries.map(([kind, time, payload]) => {
    const bytes = payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload))
    return Buffer.concat([encodeEntryHead(kind, time, bytes.length), bytes])
  })
  return Buffer.concat([RECORDING_MAGIC, ...parts])
}

/** The frames that a desk got of the page of the pictures, as the server would have kept them. */
async function film(lang: string): Promise<Buffer> {
  const frames: Buffer[] = []
  const { customer } = await pair(lang, {
    prepare: (page) =>
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => typeof payload !== 'string' && frames.push(payload)),
      ),
  })
  await customer.evaluate(() => window.customer.end())
  return encode([
    INFO,
    mark(0, { type: 'agent_joined', participant: 2, userId: 'a', userName: 'Ana' }),
    ...frames.map((frame, index): Entry => ['frame', index, frame]),
    mark(20_000, { type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' }),
    mark(40_000, { type: 'paused', paused: true }),
    mark(60_000, { type: 'paused', paused: false }),
    mark(70_000, { type: 'customer_connection', connected: false }),
    mark(80_000, { type: 'customer_connection', connected: true }),
    mark(90_000, { type: 'agent_left', participant: 3 }),
    mark(120_000, { type: 'ended' }),
  ])
}

/** The player, given this answer for its link. */
async function player(lang: string, status: number, body: Buffer | string): Promise<Page> {
  const page = await harness.page()
  await page.route('**/desk/recording', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status, body }) : route.continue(),
  )
  await page.goto(harness.url(`/desk/recording?x=1${lang}#link=some`))
  return page
}

/** States of the page that plays recordings, by groups that can be asked for. */
export const PLAYER_GROUPS: Record<string, (lang: string) => Promise<void>> = {
  async player(lang) {
    const page = await player(lang, 200, await film(lang))
    const seek = page.locator('.recording-seek input')
    await seek.waitFor()
    await seek.fill('30000')
    await page.locator('iframe:visible').first().waitFor()
    await snap(page, 'player-still')
    await snap(page, 'player-still', AIDS)
    await page.locator('.recording-play').click()
    await snap(page, 'player-playing', ['1280', '1280-dark'])
    await page.locator('.recording-play').click()
    for (const [name, time] of [
      ['paused', 50_000],
      ['lost', 75_000],
      ['end', 120_000],
    ] as const) {
      await seek.fill(String(time))
      await snap(page, `player-${name}`)
    }
    await page.locator('.recording-help').click()
    await snap(page, 'player-keys')
    for (const [name, status, body] of [
      ['damaged', 200, 'no recording'],
      ['empty', 200, encode([INFO])],
      ['used', 400, JSON.stringify({ code: 1118 })],
      ['gone', 404, '{}'],
      ['busy', 429, '{}'],
      ['offline', 500, '{}'],
    ] as const) {
      const page = await player(lang, status, body)
      await page.locator('.recording-icon-bad').waitFor()
      await snap(page, `player-${name}`, ['800', '800-dark'])
    }
  },
}
