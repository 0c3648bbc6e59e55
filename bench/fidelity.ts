// How much the agent's picture differs from the customer's on real pages, pixel by pixel, through the real server and the
// SDK as it is served: WORKLOADS=http://127.0.0.1:8765 npm run fidelity -- path/to/open.json [part of a name …]
// Pictures of both sides go to bench/results/fidelity where more than one pixel in a hundred differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { PNG } from 'pngjs'
import { type RunningServer, startServer } from '../packages/server/index.ts'
import { CHROMIUM } from '../scripts/browsers.ts'
import { openPair, type Pair } from './fidelity-pair.ts'

const VIEWPORT = { width: 1280, height: 800 }

/** Per cent of pixels that may differ before a page counts as different. */
const TOLERATED = 1

/** How different a pixel's colour must be to count (0 to 1): less is how the same font falls on half pixels. */
const THRESHOLD = 0.15

/** A page that never stands still is compared as it is after this time. */
const STILL_MS = 6_000
const LOOK_MS = 300

/** What one page may take for its interaction. */
const INTERACTION_MS = 15_000

const FOLDER = join(import.meta.dirname, 'results/fidelity')

interface Workload {
  name: string
  url: string
  vhost?: string
  /** The body of `async (page, sleep) => {…}`: uses the page as a person would. */
  interaction?: string
}

/** Per cent of different pixels, at first sight and after the interaction; or why there is none. */
interface Outcome {
  name: string
  still?: number
  used?: number
  fault?: string
  /** The bounds of a copy that the page met: none should. */
  reduced?: string[]
}

const [list, ...names] = process.argv.slice(2)
const base = process.env.WORKLOADS
if (!base || !list) {
  console.error(
    'Start the pages and name them: WORKLOADS=http://127.0.0.1:8765 npm run fidelity -- path/to/open.json [part of a name …]',
  )
  process.exit(1)
}
mkdirSync(FOLDER, { recursive: true })
const server = await startServer()
const browser = await chromium.launch(CHROMIUM)
const outcomes: Outcome[] = []
for (const workload of readWorkloads(list)) {
  const outcome = await measure(browser, server, workload)
  outcomes.push(outcome)
  const said = [...(outcome.reduced ?? []), outcome.fault ?? ''].join(' ')
  console.log(`${percent(outcome.still)} ${percent(outcome.used)}  ${outcome.name}  ${said}`)
}
await browser.close()
await server.close()
summarise('at first sight', (outcome) => outcome.still)
summarise('after use', (outcome) => outcome.used)
const bound = outcomes.filter(({ reduced }) => reduced?.length).length
console.log(`${bound} of ${outcomes.length} pages met a bound of the copy`)
writeFileSync(join(FOLDER, 'outcomes.json'), `${JSON.stringify(outcomes, null, 2)}\n`)

function readWorkloads(file: string): Workload[] {
  const { entries } = JSON.parse(readFileSync(file, 'utf8')) as { entries: Workload[] }
  return entries.filter(({ name }) => !names.length || names.some((part) => name.includes(part)))
}

async function measure(browser: Browser, server: RunningServer, workload: Workload): Promise<Outcome> {
  const { name, interaction } = workload
  const outcome: Outcome = { name }
  // The page's own policy would keep the SDK out of it.
  const context = await browser.newContext({ viewport: VIEWPORT, bypassCSP: true })
  let pair: Pair | undefined
  try {
    pair = await openPair(context, server, addressOf(workload))
    outcome.still = await compare(pair, `${name}-still`)
    if (interaction) {
      // What could not be done is told; what could is compared.
      await use(context, pair.customer, interaction).catch((error: Error) => {
        outcome.fault = describe(error)
      })
      outcome.used = await compare(pair, `${name}-used`)
    }
  } catch (error) {
    outcome.fault =
      String((error as Error).message)
        .split('\n')[0]
        ?.slice(0, 200) ?? ''
  }
  outcome.reduced = (await pair?.agent.evaluate(() => window.reduced).catch(() => undefined)) ?? []
  await pair?.end().catch(() => {})
  await context.close()
  return outcome
}

function addressOf({ url, vhost }: Workload): string {
  const origin = new URL(base ?? '')
  if (vhost) origin.hostname = `${vhost}.localhost`
  return new URL(url, origin).href
}

async function use(context: BrowserContext, page: Page, interaction: string): Promise<void> {
  const run = new Function('page', 'sleep', `return (async () => {${interaction}})()`) as (
    page: Page,
    sleep: (ms: number) => Promise<void>,
  ) => Promise<void>
  await page.bringToFront()
  context.setDefaultTimeout(INTERACTION_MS)
  await run(page, sleep)
}

async function compare({ customer, agent }: Pair, name: string): Promise<number> {
  await standStill(agent)
  const [left, right] = [await photograph(customer), await photograph(agent)]
  const [one, other] = [PNG.sync.read(left), PNG.sync.read(right)]
  const { width, height } = one
  const differing = pixelmatch(one.data, other.data, undefined, width, height, { threshold: THRESHOLD })
  const share = (100 * differing) / (width * height)
  if (share > TOLERATED) {
    writeFileSync(join(FOLDER, `${name}-customer.png`), left)
    writeFileSync(join(FOLDER, `${name}-agent.png`), right)
  }
  return share
}

async function standStill(agent: Page): Promise<void> {
  let before = await photograph(agent)
  for (let waited = 0; waited < STILL_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS)
    const now = await photograph(agent)
    if (now.equals(before) && waited >= 2 * LOOK_MS) return
    before = now
  }
}

async function photograph(page: Page): Promise<Buffer> {
  await page.bringToFront()
  return page.screenshot({ animations: 'disabled', caret: 'hide' })
}

function summarise(when: string, read: (outcome: Outcome) => number | undefined): void {
  const shares = outcomes.map(read).filter((share) => share !== undefined)
  const good = shares.filter((share) => share <= TOLERATED).length
  if (shares.length) console.log(`${good} of ${shares.length} pages differ by at most ${TOLERATED} % ${when}`)
}

function describe(error: Error): string {
  return error.message.split('\n')[0]?.slice(0, 200) ?? ''
}

function percent(share: number | undefined): string {
  return (share === undefined ? '–' : `${share.toFixed(2)} %`).padStart(8)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
