import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ASKED, findFaults, JOINED, joinWith, openDesk, overflow, scriptLine } from './desk-page.ts'
import { Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())

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
    await page.getByText('Loading the page').waitFor()
    expect(await findFaults(page)).toEqual([])
    say({ type: 'error', code: 9999 })
    say({ type: 'ended', reason: 'failed' })
    await page.getByRole('button', { name: /the code|another code/ }).waitFor()
    expect(await findFaults(page)).toEqual([])
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
    for (const name of ['Leave', 'Full screen', 'Fit to the window'])
      await page.getByRole('button', { name }).click({ trial: true })
  })
})
