import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page, ViewportSize } from 'playwright'
import type { ToAgent } from '../packages/protocol/index.ts'
import { copyIn, joinWith, openDesk, scriptLine } from './desk-page.ts'
import { Harness } from './harness.ts'
import { SCREEN_PAGE, SCREEN_SETTINGS } from './screens-page.ts'
import { allow, Site, start, until } from './session-site.ts'

const FOLDER = join(import.meta.dirname, 'shots/screens')

interface Look {
  width: number
  height?: number
  colorScheme?: 'dark' | 'light'
  forcedColors?: 'active' | 'none'
}

/** How a picture can be taken. `zoomed` is a window of 1280 px at 200 %. */
const LOOKS = {
  '1280': { width: 1280 },
  '1280-dark': { width: 1280, colorScheme: 'dark' },
  '800': { width: 800 },
  '800-dark': { width: 800, colorScheme: 'dark' },
  phone: { width: 390 },
  'phone-dark': { width: 390, colorScheme: 'dark' },
  zoomed: { width: 640, height: 400 },
  forced: { width: 1280, colorScheme: 'dark', forcedColors: 'active' },
} satisfies Record<string, Look>

type LookName = keyof typeof LOOKS

/** What every state of the desk is looked at in, and every state of the customer's panel. */
const DESK: LookName[] = ['1280', '1280-dark', '800', '800-dark']
export const PANEL: LookName[] = ['1280', '1280-dark', 'phone', 'phone-dark']
/** For who needs the colours of the system, or large text. */
export const AIDS: LookName[] = ['zoomed', 'forced']

const taken: string[] = []
export const harness = await Harness.open()
export const site = await Site.open(harness, ({ url }, response) => {
  if (url !== '/') return false
  response.end(SCREEN_PAGE)
  return true
})

/** The state that the page is in, in these looks. In Arabic only in the first. */
export async function snap(page: Page, name: string, names: LookName[] = DESK): Promise<void> {
  const before = page.viewportSize()!
  const isArabic = (await page.getAttribute('html', 'lang')) === 'ar'
  for (const look of isArabic ? names.slice(0, 1) : names) {
    const { width, height = 800, colorScheme = 'light', forcedColors = 'none' }: Look = LOOKS[look]
    await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height })
    // The customer's panel looks at the theme by itself.
    if (await page.locator('.theme').count())
      await page.locator(`.theme[data-theme=${colorScheme}]`).waitFor({ state: 'attached' })
    await settle(page)
    const file = `${name}-${isArabic ? 'ar' : look}.png`
    await page.screenshot({ path: join(FOLDER, file) })
    taken.push(file)
  }
  await page.setViewportSize(before)
  await settle(page)
}

/** Layout follows the window's size a frame later, and the copy another. */
async function settle(page: Page): Promise<void> {
  for (let frame = 0; frame < 4; frame++) await page.evaluate(() => new Promise(requestAnimationFrame))
}

/** A desk whose server the script plays. */
export async function scripted(lang: string, answers: ToAgent[]) {
  const page = await harness.page()
  const line = await scriptLine(page, answers)
  await openDesk(harness, page, lang)
  return { page, ...line }
}

/** A desk that sees a customer's page. `press` is a key on the desk. */
export async function pair(
  lang: string,
  { size, prepare }: { size?: ViewportSize; prepare?: (desk: Page) => unknown } = {},
) {
  const customer = await site.customer(
    'chromium',
    size && (await harness.page('chromium', { viewport: size })),
    '/',
    SCREEN_SETTINGS,
  )
  const answer = await start(customer, await harness.token('customer', 'Cora Lind'))
  if (!answer.success) throw new Error(JSON.stringify(answer))
  await until(customer, 'pincode_updated')
  const desk = await harness.page()
  await prepare?.(desk)
  await openDesk(harness, desk, lang)
  await joinWith(desk, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await desk.locator('.status-good').waitFor()
  await desk.locator('.quality-good').waitFor()
  // A slow machine sends a page in pieces; this one does not come last, but late.
  await copyIn(desk).getByText('Pay now').waitFor()
  const press = async (key: string) => {
    await desk.keyboard.press(key)
    await desk.evaluate(() => new Promise(requestAnimationFrame))
  }
  return { customer, desk, press }
}

export function openFolder(): void {
  mkdirSync(FOLDER, { recursive: true })
}

/** One page with every picture, and the end of what they were taken of. */
export async function finish(): Promise<void> {
  const images = taken.map((file) => `<img src="${file}" alt="${file}" title="${file}">`).join('\n')
  const style = 'body { background: #888 } img { width: 49% }'
  writeFileSync(join(FOLDER, 'index.html'), `<!doctype html><title>Screens</title><style>${style}</style>${images}`)
  site.close()
  await harness.close()
  console.log(`${taken.length} pictures in ${FOLDER}/index.html`)
}
