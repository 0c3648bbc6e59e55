// How long pages that mean to stop the desk keep it from answering, on the real desk and the real server:
// `npm run bench hostile`. `--without` takes the copy's bounds, slices and watch away, the control; `--firefox` asks that
// browser; names of storms choose among them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, firefox, type Page } from 'playwright'
import { ackOf, isRestart } from '../e2e/hostile-stream.ts'
import { ScriptedCustomer, tokenOf } from '../e2e/scripted-customer.ts'
import { BODY } from '../e2e/scripted-page.ts'
import { startServer } from '../packages/server/index.ts'
import type { Line } from '../packages/server/testing/line.ts'
import { CHROMIUM, FIREFOX } from '../scripts/browsers.ts'
import { STORMS, type Storm } from './storms.ts'

/** No answer for longer is a frozen desk. */
const BUDGET_MS = 1_000

/** How long a storm blows before the agent wants to leave. */
const STORM_MS = Number(process.env.STORM_MS ?? 6_000)

/** How long the harmless page beside it is looked at. */
const CALM_MS = Math.min(2_000, STORM_MS)

/** Longer than this nobody waits. */
const PATIENCE_MS = 15_000

/** Bytes on the way that the desk has not taken yet. */
const WINDOW_BYTES = 24 * 1024 * 1024

/** What the desk's script says of each defence, as the build writes it, and what it says without. */
const DEFENCES: [string, RegExp, (text: string) => string][] = [
  ['bounds', /nodes:15e4,depth:200,[^}]*\}/, (text) => text.replace(/(\w+):[\de]+/g, '$1:1e9')],
  ['estimate', /draws\(\w+\)\{/, (text) => `${text}return!1;`],
]

declare global {
  interface Window {
    gaps: { longest: number; frame: number; left: number; reduced: string[] }
  }
}

interface Answer {
  storm: string
  /** Longest time that the desk's thread did not answer, in ms. */
  blocked: number
  /** Longest time between two of its frames. */
  frame: number
  /** From a press on “Leave” until its first screen was shown. */
  leave: number
  notices: string
}

interface Measured extends Answer {
  /** `blocked` of a harmless page right before: what the machine did meanwhile. */
  calm: number
}

const args = process.argv.slice(process.argv[2] === 'hostile' ? 3 : 2)
const isBare = args.includes('--without')
const engine = args.includes('--firefox') ? 'firefox' : 'chromium'
const names = args.filter((name) => !name.startsWith('--'))
const unknown = names.find((name) => !Object.hasOwn(STORMS, name))
if (unknown) {
  console.error(`Unknown storm "${unknown}". Use some of: ${Object.keys(STORMS).join(', ')}.`)
  process.exit(1)
}

const server = await startServer({ host: '127.0.0.1', port: 0 })
console.log(`${''.padEnd(30)}blocked  frame  leave   calm  ratio`)
const answers: Measured[] = []
for (const [name, storm] of Object.entries(STORMS)) {
  if (names.length > 0 && !names.includes(name)) continue
  const { blocked: calm } = await weather('calm', STORMS.calm!, CALM_MS)
  const answer = await weather(name, storm, STORM_MS)
  answers.push({ ...answer, calm })
  const { blocked, frame, leave, notices } = answer
  const say = (ms: number) => (ms >= PATIENCE_MS ? `>${PATIENCE_MS}` : `${Math.round(ms)}`).padStart(7)
  console.log(
    `${name.padEnd(30)}${say(blocked)}${say(frame)}${say(leave)}${say(calm)}${(blocked / calm).toFixed(1).padStart(7)}  ${Math.max(blocked, leave) > BUDGET_MS ? 'FROZEN ' : ''}${notices}`,
  )
}
await server.close()
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
writeFileSync(
  join(folder, `hostile-${engine}${isBare ? '-without' : ''}.json`),
  `${JSON.stringify(answers, null, 2)}\n`,
)
process.exit()

async function weather(name: string, storm: Storm, ms: number): Promise<Answer> {
  const browser = engine === 'firefox' ? await firefox.launch(FIREFOX) : await chromium.launch(CHROMIUM)
  const customer = await ScriptedCustomer.open(server)
  try {
    return await measure(name, storm, ms, browser, customer)
  } finally {
    customer.line.socket.terminate()
    await browser.close()
  }
}

async function measure(
  name: string,
  storm: Storm,
  ms: number,
  browser: Browser,
  customer: ScriptedCustomer,
): Promise<Answer> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const found = isBare && (await takeAway(page))
  const token = await tokenOf(server.origin, 2)
  await page.goto(`${server.origin}/desk?access_token=${token}`)
  await page.locator('.pin-field input').first().focus()
  await page.keyboard.type(customer.pin)
  await page.keyboard.press('Enter')
  const scripted = await customer.show()
  customer.send(
    scripted.frame(() => {
      scripted.at(BODY)
      scripted.text('here')
      scripted.end()
    }),
  )
  await page.locator('.status-good').waitFor()
  // A control that takes nothing away would prove nothing.
  if (found && found.size < DEFENCES.length) throw new Error(`The desk's script was built otherwise: ${[...found]}`)
  const leave = (await page.getByRole('button', { name: 'Leave', exact: true }).boundingBox())!
  await page.evaluate(watch)
  const blowing = new AbortController()
  void blow(customer.line, storm(scripted), blowing.signal)
  await new Promise((resolve) => setTimeout(resolve, ms))
  const pressed = Date.now()
  const left = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => (window.gaps.left ? resolve(window.gaps.left) : setTimeout(look, 50))
        look()
      }),
  )
  const crashed = left.catch(() => 'crashed' as const)
  void page.mouse.click(leave.x + leave.width / 2, leave.y + leave.height / 2).catch(() => undefined)
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined))
  const at = await Promise.race([crashed, late])
  blowing.abort()
  const never = { storm: name, blocked: PATIENCE_MS, frame: PATIENCE_MS, leave: PATIENCE_MS, notices: '' }
  if (at === undefined) return never
  if (at === 'crashed') return { ...never, notices: 'CRASHED' }
  const { longest, frame, reduced } = await page.evaluate(() => window.gaps)
  return { storm: name, blocked: longest, frame, leave: at - pressed, notices: reduced.join(' / ') }
}

/** Runs in the desk: how long its thread and its frames stand still, and when its first screen is back. */
function watch(): void {
  const now = Date.now
  window.gaps = { longest: 0, frame: 0, left: 0, reduced: [] }
  let [turn, frame] = [now(), now()]
  const tick = () => {
    if (!window.gaps.left) window.gaps.longest = Math.max(window.gaps.longest, now() - turn - 10)
    turn = now()
    for (const { textContent } of document.querySelectorAll('.notice, .veil-card p'))
      if (!window.gaps.reduced.includes(textContent!)) window.gaps.reduced.push(textContent!)
    setTimeout(tick, 10)
  }
  const draw = () => {
    if (!window.gaps.left) window.gaps.frame = Math.max(window.gaps.frame, now() - frame)
    frame = now()
    requestAnimationFrame(draw)
  }
  setTimeout(tick, 10)
  requestAnimationFrame(draw)
  new MutationObserver(() => {
    if (!document.querySelector('.message-card') || window.gaps.left) return
    requestAnimationFrame(() => setTimeout(() => (window.gaps.left ||= now())))
  }).observe(document.body, { childList: true, subtree: true })
}

/** As if the copy had no bounds, no slices and nobody who watches it. Answers which of the defences were found. */
async function takeAway(page: Page): Promise<Set<string>> {
  const found = new Set<string>()
  await page.addInitScript(() => {
    if (window !== top) return
    performance.now = () => 0
    Object.defineProperty(Document.prototype, 'hidden', { get: () => true })
  })
  await page.route('**/*.js', async (route) => {
    const answer = await route.fetch()
    let body = await answer.text()
    for (const [name, pattern, without] of DEFENCES) {
      if (pattern.test(body)) found.add(name)
      body = body.replace(pattern, without)
    }
    await route.fulfill({ response: answer, body })
  })
  return found
}

/** Sends frames as fast as the desk takes them. */
async function blow(line: Line, frames: Iterable<Buffer>, signal: AbortSignal): Promise<void> {
  const waiting: number[] = []
  let bytes = 0
  for (const frame of frames) {
    if (signal.aborted) return
    waiting.push(frame.length)
    bytes += frame.length
    line.socket.send(frame)
    while (bytes > WINDOW_BYTES || waiting.length > 64) {
      const next = await line.next()
      if (signal.aborted || next === undefined) return
      if (!Buffer.isBuffer(next)) continue
      if (isRestart(next)) return
      if (ackOf(next) !== undefined) bytes -= waiting.shift() ?? 0
    }
  }
}
