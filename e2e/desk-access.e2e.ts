import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ar } from '../apps/desk/texts/ar.ts'
import { de } from '../apps/desk/texts/de.ts'
import { en } from '../apps/desk/texts/en.ts'
import { ja } from '../apps/desk/texts/ja.ts'
import { ASKED, findFaults, JOINED, joinWith, openDesk, overflow, scriptLine } from './desk-page.ts'
import { Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())

/** Controls on the screen that are smaller than that many CSS pixels, each with its label as it takes a press, too. */
function findSmall(page: Page, least: number): Promise<string[]> {
  return page.evaluate((wanted) => {
    const open = document.querySelector('.settings, :popover-open:not(.tip)') ?? document
    const controls = [...open.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, summary')]
    return controls.flatMap((control) => {
      const boxes = [control, control.closest('label')].flatMap((one) => (one ? [one.getBoundingClientRect()] : []))
      const [width, height] = [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))]
      const isSmall = control.checkVisibility() && width > 1 && (width < wanted - 0.5 || height < wanted - 0.5)
      return isSmall ? [`${control.outerHTML.slice(0, 90)} ${Math.round(width)} × ${Math.round(height)}`] : []
    })
  }, least)
}

describe('for everyone', () => {
  test.each(['light', 'dark'] as const)('DSK-16 no state breaks a WCAG 2.2 AA rule, %s', async (colorScheme) => {
    const page = await harness.page('chromium', { bypassCSP: true, colorScheme, reducedMotion: 'reduce' })
    const { say } = await scriptLine(page, [ASKED])
    await openDesk(harness, page)
    expect(await findFaults(page)).toEqual([])
    await joinWith(page)
    await page.getByText('Cora is being asked').waitFor()
    expect(await findFaults(page)).toEqual([])
    say(JOINED)
    say({ type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' })
    await page.getByText('Loading the page').waitFor()
    await page.getByText('Bea joined').waitFor()
    await page.keyboard.press('d')
    expect(await findFaults(page)).toEqual([])
    for (const name of ['Keyboard shortcuts', 'Participants: 3', 'Colour', 'Clear']) {
      await page.getByRole('button', { name, exact: true }).click()
      await page.locator(':popover-open:not(.tip)').waitFor()
      expect(await findFaults(page)).toEqual([])
      await page.keyboard.press('Escape')
    }
    say({ type: 'assist_started', participant: 2, types: ['click'] })
    await page.getByRole('button', { name: 'Give control back' }).waitFor()
    expect(await findFaults(page)).toEqual([])
    say({ type: 'assist_stopped', participant: 2, reason: 'stopped' })
    say({ type: 'paused', paused: true })
    await page.getByRole('heading', { name: 'Cora paused sharing' }).waitFor()
    expect(await findFaults(page)).toEqual([])
    say({ type: 'error', code: 9999 })
    say({ type: 'ended', reason: 'failed' })
    await page.getByRole('button', { name: /the code|another code/ }).waitFor()
    expect(await findFaults(page)).toEqual([])
  })

  test.each([
    ['a finger', 44, { hasTouch: true, isMobile: true }],
    ['a mouse', 24, {}],
  ] as const)('DSK-239 every control is large enough for %s', async (_, least, pointer) => {
    const page = await harness.page('chromium', { viewport: { width: 1024, height: 768 }, ...pointer })
    expect(await page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(least === 44)
    const { say } = await scriptLine(page, [ASKED])
    await openDesk(harness, page, '', 1)
    expect(await findSmall(page, least)).toEqual([])
    await page.getByRole('button', { name: 'Masking rules' }).click()
    await page.getByRole('button', { name: 'Add a rule' }).click()
    expect(await findSmall(page, least)).toEqual([])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Back' }).click()
    await joinWith(page)
    await page.getByText('Cora is being asked').waitFor()
    expect(await findSmall(page, least)).toEqual([])
    say(JOINED)
    say({ type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' })
    say({ type: 'assist_started', participant: 2, types: ['navigate'] })
    await page.getByText('Bea joined').waitFor()
    await page.getByRole('navigation').waitFor()
    expect(await findSmall(page, least)).toEqual([])
    for (const name of ['Keyboard shortcuts', 'Participants: 3', 'Colour', 'Clear']) {
      await page.getByRole('button', { name, exact: true }).click()
      await page.locator(':popover-open:not(.tip)').waitFor()
      expect(await findSmall(page, least)).toEqual([])
      await page.keyboard.press('Escape')
    }
    say({ type: 'ended', reason: 'failed' })
    await page.getByRole('button', { name: 'Enter another code' }).waitFor()
    expect(await findSmall(page, least)).toEqual([])
  })

  test.each([800, 640])('DSK-17 at %i px nothing is cut off', async (width) => {
    const page = await harness.page('chromium', { viewport: { width, height: 600 } })
    const { say } = await scriptLine(page, [ASKED])
    await openDesk(harness, page)
    expect(await overflow(page)).toBe(0)
    await joinWith(page)
    await page.getByText('Cora is being asked').waitFor()
    say(JOINED)
    await page.getByRole('button', { name: 'Leave' }).waitFor()
    expect(await overflow(page)).toBe(0)
    for (const name of [
      'Leave',
      'Full screen',
      'Fit to the window',
      'Pen',
      'Clear',
      'Ask for control',
      'Mark masked places',
    ])
      await page.getByRole('button', { name, exact: true }).click({ trial: true })
  })

  test.each([
    ['de', 'Code des Kunden eingeben', 'ltr'],
    ['ar', 'أدخل رمز العميل', 'rtl'],
  ] as const)('DSK-50 the desk speaks %s and loads no other language', async (language, heading, direction) => {
    const page = await harness.page('chromium', { bypassCSP: true, viewport: { width: 800, height: 600 } })
    const scripts: Promise<string>[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.text())
    })
    await scriptLine(page, [ASKED, JOINED])
    await openDesk(harness, page, `&lang=${language}`)
    await page.getByRole('heading', { name: heading }).waitFor()
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
      language,
      direction,
    ])
    const boxes = page.locator('.pin-box')
    const [first, last] = [await boxes.first().boundingBox(), await boxes.last().boundingBox()]
    expect(first!.x).toBeLessThan(last!.x)
    const loaded = await Promise.all(scripts)
    const catalogues = Object.values(HEADINGS).filter((text) => loaded.some((script) => script.includes(text)))
    expect(catalogues).toEqual([HEADINGS[language]])
    await joinWith(page)
    await page.getByRole('toolbar').waitFor()
    expect(await overflow(page)).toBe(0)
    const rail = await page.getByRole('toolbar').boundingBox()
    expect(direction === 'rtl' ? rail!.x > 400 : rail!.x === 0).toBe(true)
    expect(await findFaults(page)).toEqual([])
  })
})

/** A text that tells each catalogue from the others. */
const HEADINGS = { en: en['form.title'], de: de['form.title'], ar: ar['form.title'], ja: ja['form.title'] }

test('DSK-228 the page that plays recordings speaks the languages of the desk', async () => {
  const page = await harness.page()
  for (const [language, direction, title] of [
    ['de', 'ltr', 'Dieser Link spielt eine Aufzeichnung einmal ab'],
    ['ar', 'rtl', 'يشغّل هذا الرابط التسجيل مرة واحدة'],
  ] as const) {
    await page.goto(harness.url(`/desk/recording?lang=${language}#link=gone`))
    await page.getByRole('heading', { name: title }).waitFor()
    expect(
      await page.locator('html').evaluate((html) => [html.getAttribute('lang'), html.getAttribute('dir')]),
    ).toEqual([language, direction])
    expect(await page.title()).toContain(title)
    expect(page.url()).not.toContain('gone')
  }
})
