import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeProblem } from '../apps/desk/problem.ts'
import { LANGUAGES, speak } from '../apps/desk/texts/language.ts'
import { ERRORS } from '../packages/protocol/errors.ts'
import { type EndReason, PROTOCOL_VERSION, type ToAgent } from '../packages/protocol/index.ts'
import { Line } from '../packages/server/testing/line.ts'
import { ASKED, JOINED, joinWith, openDesk, scriptLine } from './desk-page.ts'
import { Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
  await speak('en')
})
afterAll(() => harness.close())

function digits(page: Page): Promise<string[]> {
  return page.getByLabel(/^Digit/).evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value))
}

function paste(page: Page, text: string): Promise<void> {
  return page.getByLabel('Digit 3 of 6').evaluate((box, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text', pasted)
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

describe('the address', () => {
  test('DSK-1 token and code leave the address bar; the code fills the form; nothing else is lost', async () => {
    const page = await harness.page()
    await openDesk(harness, page, '#pin=246810&keep=1')
    expect(page.url()).toBe(harness.url('/desk?theme=1#keep=1'))
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2)
    expect(await digits(page)).toEqual(['2', '4', '6', '8', '1', '0'])
  })

  test('DSK-1 no later request carries the token in its address or as its referrer', async () => {
    const page = await harness.page()
    const later: string[] = []
    page.on('request', (request) => {
      if (!request.isNavigationRequest()) later.push(`${request.url()} ${request.headers().referer ?? ''}`)
    })
    await openDesk(harness, page)
    expect(later.length).toBeGreaterThan(0)
    expect(later.filter((line) => line.includes('access_token'))).toEqual([])
  })

  test('DSK-1 a token that is refused leaves the address bar too', async () => {
    const page = await harness.page()
    const answer = await page.goto(harness.url('/desk?access_token=refused.token.here'))
    expect(answer?.status()).toBe(401)
    await page.getByText('Open the desk again from the tool your company').waitFor()
    expect(page.url()).toBe(harness.url('/desk'))
  })

  test('DSK-2 without a valid token the answer is 401 and a page that says what to do', async () => {
    const page = await harness.page()
    const answer = await page.goto(harness.url('/desk'))
    expect(answer?.status()).toBe(401)
    await page.getByText('Open the desk again from the tool your company').waitFor()
    await page.getByRole('button', { name: 'Continue as a demo agent' }).click()
    await page.getByLabel('Digit 1 of 6').waitFor()
  })

  test('DSK-238 that page speaks every language of the desk: that of the address, else the browser’s', async () => {
    const page = await harness.page('chromium', { locale: 'ar-EG' })
    const shown = async (address: string) => {
      await page.goto(harness.url(address))
      const headings = await page.locator('h1:visible').allInnerTexts()
      const { lang, dir } = await page.evaluate(() => {
        const { lang, dir } = document.documentElement
        return { lang, dir }
      })
      return { headings, lang, dir, title: await page.title() }
    }
    expect(await shown('/desk?access_token=x')).toEqual({
      headings: ['يحتاج المكتب إلى تصريح وكيل'],
      lang: 'ar',
      dir: 'rtl',
      title: 'يحتاج المكتب إلى تصريح وكيل · Alongside',
    })
    await harness.shot(page, 'desk-refused-ar')
    const all = new Set<string>()
    for (const language of LANGUAGES) {
      const { headings, lang } = await shown(`/desk?lang=${language}`)
      expect([headings.length, lang]).toEqual([1, language])
      all.add(headings[0] ?? '')
    }
    expect(all.size).toBe(LANGUAGES.length)
  })
})

describe('the code form', () => {
  test('DSK-3 typing moves on, Backspace moves back, arrows, Home and End move', async () => {
    const page = await harness.page()
    await openDesk(harness, page)
    await page.keyboard.type('12a3')
    expect(await digits(page)).toEqual(['1', '2', '3', '', '', ''])
    await page.keyboard.press('Backspace')
    expect(await digits(page)).toEqual(['1', '2', '', '', '', ''])
    await page.keyboard.press('Home')
    await page.keyboard.type('9')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.type('8')
    await page.keyboard.press('End')
    await page.keyboard.type('7')
    expect(await digits(page)).toEqual(['9', '8', '', '', '', '7'])
  })

  test('DSK-4 a pasted "123 456" fills all boxes, wherever it is pasted', async () => {
    const page = await harness.page()
    await openDesk(harness, page)
    await paste(page, ' 123 456\n')
    expect(await digits(page)).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  test('DSK-5 a pasted code of another form opens the field for longer codes with it', async () => {
    const page = await harness.page()
    const { message } = await scriptLine(page, [])
    await openDesk(harness, page)
    await paste(page, 'acme-2026')
    const field = page.getByLabel('Code, up to 10 letters or digits')
    await field.waitFor()
    expect(await field.inputValue()).toBe('acme2026')
    expect(await page.getByRole('switch', { name: 'Longer code' }).isChecked()).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Connecting' }).waitFor()
    expect(await message(0)).toMatchObject({ type: 'join', pinCode: 'ACME2026' })
  })

  test('DSK-6 a code that is not complete is not sent', async () => {
    const page = await harness.page()
    const { received } = await scriptLine(page, [])
    await openDesk(harness, page)
    await joinWith(page, '123')
    await page.getByText('Type all six digits first.').waitFor()
    expect(received).toEqual([])
    await page.keyboard.type('456')
    expect(await digits(page)).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  test('DSK-7 the keyboard alone leads from the form into a session and out again', async () => {
    const customer = await Line.open(harness.server.port)
    const token = await harness.token('customer', 'Cora Customer')
    customer.say({ type: 'start', version: PROTOCOL_VERSION, token })
    await customer.expect('started')
    const { pin } = await customer.expect('pin')
    const page = await harness.page()
    await openDesk(harness, page)
    await page.keyboard.type(pin)
    await page.keyboard.press('Enter')
    const { participant } = await customer.expect('agent_requested')
    await page.getByText('Cora Customer is being asked').waitFor()
    customer.say({ type: 'consent', participant, granted: true })
    await customer.expect('agent_joined')
    const leave = page.getByRole('button', { name: 'Leave' })
    await leave.waitFor()
    for (let presses = 0; presses < 20 && !(await leave.evaluate((it) => it === document.activeElement)); presses++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You left the session' }).waitFor()
    // In between come the desk's measures of the line, which are frames.
    let told = await customer.next()
    while (Buffer.isBuffer(told)) told = await customer.next()
    expect(told).toMatchObject({ type: 'agent_left', reason: 'left' })
    await page.keyboard.press('Enter')
    await page.getByLabel('Digit 1 of 6').waitFor()
    customer.say({ type: 'end' })
    await customer.expect('ended')
  })
})

describe('every error', () => {
  let page: Page
  let answer: ToAgent
  beforeAll(async () => {
    page = await harness.page()
    await page.routeWebSocket('**/socket', (line) => {
      line.onMessage(() => line.send(JSON.stringify(answer)))
    })
    await openDesk(harness, page)
  })

  test.each(Object.keys(ERRORS).map(Number) as (keyof typeof ERRORS)[])(
    'DSK-8 %i is shown with its text and a way back to the form',
    async (code) => {
      answer = { type: 'error', code }
      await joinWith(page)
      const shown = page.getByRole('alert').filter({ hasText: `Error ${code === 1006 ? 30308 : code}` })
      await shown.waitFor()
      const { name, text: errorMsg } = ERRORS[code]
      const said = await shown.textContent()
      const back = page.getByRole('button', { name: 'Back to the code' })
      if (await back.isVisible()) await back.click()
      await page.getByLabel('Digit 1 of 6').waitFor()
      expect(await digits(page)).toEqual(['', '', '', '', '', ''])
      const { title, text } = describeProblem({ code, name, errorMsg })
      expect(said).toContain(title)
      expect(said).toContain(text)
    },
  )

  test('DSK-330 what may be over in a moment is tried again with the code as it was typed, and only that', async () => {
    const asked: unknown[] = []
    await page.routeWebSocket('**/socket', (line) => {
      line.onMessage((message) => {
        asked.push(JSON.parse(String(message)))
        line.send(JSON.stringify(answer))
      })
    })
    answer = { type: 'error', code: 1114 }
    await joinWith(page, '482913')
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    expect(await again.evaluate((it) => it === document.activeElement)).toBe(true)
    answer = { type: 'error', code: 1119 }
    await again.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'Error 1119' }).waitFor()
    expect(asked).toHaveLength(2)
    expect(asked[1]).toEqual(asked[0])
    expect(JSON.stringify(asked[1])).toContain('482913')
    expect(await again.count()).toBe(0)
    await page.getByRole('button', { name: 'Back to the code' }).click()
  })

  test('DSK-10 too many attempts count down the seconds to wait', async () => {
    answer = { type: 'error', code: 1102, retryAfter: 95 }
    await joinWith(page)
    await page.getByText(/Try again in 1:3\d\./).waitFor()
  })
})

describe('the states', () => {
  test('DSK-12 the desk and its title follow the session', async () => {
    const page = await harness.page()
    const { say } = await scriptLine(page, [ASKED])
    await openDesk(harness, page)
    const titled = (title: string) =>
      page.waitForFunction((expected) => document.title === `${expected} · Alongside desk`, title)
    await titled('Enter a code')
    await joinWith(page)
    await titled('Waiting for Cora')
    say(JOINED)
    await titled("Loading Cora's page")
    say({ type: 'paused', paused: true })
    await titled('Cora paused sharing')
    say({ type: 'paused', paused: false })
    say({ type: 'customer_connection', connected: false })
    await titled('Cora lost the connection')
    say({ type: 'customer_connection', connected: true })
    await titled("Loading Cora's page")
    say({ type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' })
    await page.getByRole('button', { name: 'Participants: 3' }).click()
    await page.locator('#people').getByText('Bea').waitFor()
    say({ type: 'ended', reason: 'customer_ended' })
    await titled('The customer ended the session')
  })

  test('DSK-13 Cancel gives a join up and leaves', async () => {
    const page = await harness.page()
    const { message } = await scriptLine(page, [ASKED])
    await openDesk(harness, page)
    await joinWith(page)
    await page.getByText('Cora is being asked').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel('Digit 1 of 6').waitFor()
    expect(await message(1)).toEqual({ type: 'leave' })
  })

  test('DSK-14 ending for everybody is asked about first', async () => {
    const page = await harness.page()
    const { received, message } = await scriptLine(page, [ASKED, JOINED])
    await openDesk(harness, page)
    await joinWith(page)
    await page.getByRole('button', { name: 'End for everybody' }).click()
    await page.getByRole('button', { name: 'Stay' }).click()
    expect(received).toHaveLength(1)
    await page.getByRole('button', { name: 'End for everybody' }).click()
    await page.getByRole('button', { name: 'End session' }).click()
    expect(await message(1)).toEqual({ type: 'end' })
  })

  test.each<[EndReason, string]>([
    ['customer_ended', 'The customer ended the session'],
    ['agent_ended', 'The session was ended for everybody'],
    ['operator_ended', 'The company ended the session'],
    ['expired', 'The session expired'],
    ['connection_lost', 'The customer’s connection was lost'],
    ['failed', 'The session broke off'],
  ])('DSK-15 an end by %s is explained and leads back to the form', async (reason, title) => {
    const page = await harness.page()
    await scriptLine(page, [ASKED, JOINED, { type: 'ended', reason }])
    await openDesk(harness, page)
    await joinWith(page)
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByRole('button', { name: 'Enter another code' }).click()
    await page.getByLabel('Digit 1 of 6').waitFor()
  })
})
