import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findFaults, joinWith, openDesk, overflow } from './desk-page.ts'
import { Harness } from './harness.ts'
import { allow, Site, seen } from './session-site.ts'

const PAGE = `<!doctype html><title>Account</title><style>.iban { color: red }</style>
<link rel="stylesheet" href="/never.css"><link rel="preconnect" href="https://elsewhere.example">
<img src="/never.png" srcset="/never2.png 2x" alt=""><script>document.title = 'ran'; parent.document.title = 'ran'</script>
<body onload="document.title = 'ran'"><h1 class="open">Account</h1>
<p class="iban">DE-SECRET-1</p><p class="iban">DE-SECRET-2</p><p data-private="yes">NAME-SECRET</p>
<label>Password <input type="password" value="WORD-SECRET"></label>`

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness)
})
beforeEach(async () => {
  await put([])
})
afterAll(async () => {
  site.close()
  await harness.close()
})

async function put(rules: object[]): Promise<void> {
  const token = await harness.token('agent', 'Ada', { enableSettings: 1 })
  const answer = await fetch(harness.url('/agent/mask'), {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ rules, detectors: [] }),
  })
  expect(answer.status).toBe(200)
}

async function saved(): Promise<{ name: string }[]> {
  const token = await harness.token('agent', 'Ada', { enableSettings: 1 })
  const answer = await fetch(harness.url('/agent/mask'), { headers: { authorization: `Bearer ${token}` } })
  return ((await answer.json()) as { rules: { name: string }[] }).rules
}

async function openSettings(page: Page, rest = ''): Promise<void> {
  await openDesk(harness, page, rest, 1)
  await page.locator('.screen-settings').click()
  await page.locator('.rule-detectors').waitFor()
}

/** The titles of a page and of all its frames. */
const titles = (page: Page) => Promise.all(page.frames().map((frame) => frame.title()))

const rule = (page: Page, name: string) => page.getByRole('listitem', { name })

describe('the page for masking rules', () => {
  test('DSK-220 is there for agents whose token says so, and comes with the first look at it', async () => {
    const page = await harness.page()
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
    await openDesk(harness, page)
    expect(await page.getByRole('button', { name: 'Masking rules' }).count()).toBe(0)
    await openDesk(harness, page, '', 1)
    expect(loaded.filter((path) => path.includes('settings-page'))).toEqual([])
    await page.getByRole('button', { name: 'Masking rules' }).click()
    await page.getByText('No rule yet.').waitFor()
    expect(loaded.filter((path) => path.includes('settings-page')).length).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByLabel('Digit 1 of 6').waitFor()
  })

  test('DSK-221 a rule is added, saved, edited, deleted and brought back by keyboard; open sessions obey', async () => {
    const { page: customer, pin } = await site.waiting()
    const agent = await site.agent()
    await site.join(agent, pin)
    await allow(customer)
    await seen(agent, 'first')
    const page = await harness.page()
    await openSettings(page)
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await page.getByRole('button', { name: 'Add a rule' }).focus()
    await press('Enter')
    await page.locator('.rule-name input:focus').waitFor()
    await page.keyboard.type('texts')
    await press('Tab', 'Tab')
    await page.keyboard.type('#text')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Saved. Open sessions obey from now on.').waitFor()
    expect(await saved()).toEqual([{ name: 'texts', mask_css_selectors: '#text' }])
    await agent.waitForFunction(
      () => !document.querySelector('iframe')?.contentDocument?.body?.textContent?.includes('first'),
    )
    await page.getByRole('button', { name: 'Delete “texts”' }).press('Enter')
    await page.getByText('“texts” is deleted once you save.').waitFor()
    expect(await rule(page, 'texts').count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await rule(page, 'texts').waitFor()
    await page.getByLabel('E-mail addresses').press('Space')
    await page.getByRole('button', { name: 'Delete “texts”' }).press('Enter')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Saved. Open sessions obey from now on.').waitFor()
    expect(await saved()).toEqual([])
    await seen(agent, 'first')
    await customer.evaluate(() => window.customer.end())
  })

  test('DSK-222 a rule with a mistake is named with what to do, and is not sent', async () => {
    await put([{ name: 'good', mask_css_selectors: '.iban' }])
    const page = await harness.page()
    await openSettings(page)
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'PUT' && sent.push(request.url()))
    const one = rule(page, 'good')
    const told = async (label: string, typed: string, text: string) => {
      const field = one.getByLabel(label)
      const before = await field.inputValue()
      await field.fill(typed)
      await page.getByText(text).waitFor()
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Not saved: a rule has a mistake.').waitFor()
      expect(await field.evaluate((it) => it === document.activeElement)).toBe(true)
      expect(await field.getAttribute('aria-invalid')).toBe('true')
      await field.fill(before)
      await page.getByText(text).waitFor({ state: 'detached' })
    }
    await told('Mask these elements', 'p[', 'These are not valid CSS selectors.')
    await told('Mask these elements', '', 'This rule does nothing yet.')
    await told('Addresses', 'account', 'An address is a path')
    await told('Mask elements with these attributes', 'private', 'Write name=value pairs')
    await told('Open these again', 'a::before', 'What is to be opened')
    expect(sent).toEqual([])
    await page.route('**/agent/mask', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({ status: 400, json: { code: 1103, message: 'x', setting: 'rules.0.mask_css_selectors' } })
        : route.continue(),
    )
    await one.getByLabel('Mask these elements').fill('p:unknown-to-servers, p')
    await one.getByLabel('Mask these elements').fill('p')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('These are not valid CSS selectors.').waitFor()
  })

  test('DSK-223 changes that nobody saved are asked about', async () => {
    await put([{ name: 'kept', mask_css_selectors: '.iban' }])
    const page = await harness.page()
    await openSettings(page)
    await page.getByRole('button', { name: 'Delete “kept”' }).click()
    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'Stay' }).click()
    await page.getByText('No rule yet.').waitFor()
    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('button', { name: 'Masking rules' }).click()
    await rule(page, 'kept').waitFor()
    expect((await saved()).map(({ name }) => name)).toEqual(['kept'])
  })

  test('DSK-224 no state of it breaks a rule of WCAG 2.2 AA, and at 800 px nothing is cut off', async () => {
    await put([{ name: 'one', mask_css_selectors: '.iban', url: ['/account/*'] }])
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await harness.page('chromium', { colorScheme, bypassCSP: true })
      await openSettings(page)
      expect(await findFaults(page)).toEqual([])
      await rule(page, 'one').getByLabel('Mask these elements').fill('p[')
      await page.getByLabel('HTML of a page').fill(PAGE)
      await page.getByRole('button', { name: 'Try', exact: true }).click()
      await page.getByText('Rules left out because of a mistake: 1.').waitFor()
      expect(await findFaults(page)).toEqual([])
      await page.setViewportSize({ width: 800, height: 700 })
      expect(await overflow(page)).toBeLessThanOrEqual(0)
    }
  })

  test('DSK-225 rules that cannot be had say why, and can be asked for again', async () => {
    const page = await harness.page()
    let isDown = true
    await page.route('**/agent/mask', (route) => (isDown ? route.abort() : route.continue()))
    await openDesk(harness, page, '&lang=de', 1)
    await page.getByRole('button', { name: 'Maskierungsregeln' }).click()
    await page.getByText('Der Server ist nicht').waitFor()
    isDown = false
    await page.getByRole('button', { name: 'Noch einmal' }).click()
    await page.getByText('Noch keine Regel.').waitFor()
  })
})

describe('two administrators', () => {
  /** One who added `mine` while another one changed `old`, deleted `gone` and added `new`, and who then saved. */
  async function clash(): Promise<Page> {
    await put([
      { name: 'old', mask_css_selectors: '.old' },
      { name: 'gone', mask_css_selectors: '.gone' },
    ])
    const page = await harness.page('chromium', { bypassCSP: true })
    await openSettings(page)
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.locator('.rule-name input:focus').waitFor()
    await page.keyboard.type('mine')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('#mine')
    await put([
      { name: 'old', mask_css_selectors: '.older' },
      { name: 'new', mask_css_selectors: '.new' },
    ])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Somebody else changed the rules meanwhile' }).waitFor()
    return page
  }
  const names = async () => (await saved()).map(({ name }) => name)

  test('DSK-235 who saves over what somebody else saved is shown what they did, and may put theirs in its place', async () => {
    const page = await clash()
    expect(await page.locator('.clash-changes li').allInnerTexts()).toEqual([
      'Changed: old',
      'Added: new',
      'Deleted: gone',
    ])
    expect(await findFaults(page)).toEqual([])
    await harness.shot(page, 'desk-clash')
    expect(await names()).toEqual(['old', 'new'])
    await page.keyboard.press('Escape')
    await rule(page, 'mine').waitFor()
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('button', { name: 'Save mine instead' }).press('Enter')
    await page.getByText('Saved. Open sessions obey from now on.').waitFor()
    expect(await names()).toEqual(['old', 'gone', 'mine'])
  })

  test('DSK-235 who takes the other’s rules has their own back by undo', async () => {
    const page = await clash()
    await page.getByRole('button', { name: 'Take theirs' }).press('Enter')
    await rule(page, 'new').waitFor()
    expect(await rule(page, 'mine').count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await rule(page, 'mine').waitFor()
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Saved. Open sessions obey from now on.').waitFor()
    expect(await names()).toEqual(['old', 'gone', 'mine'])
  })
})

test.each(['chromium', 'firefox'] as const)(
  'DSK-234 a page for rules that does not come says so, and is asked for again, in %s',
  async (browser) => {
    const page = await harness.page(browser)
    await openDesk(harness, page, '', 1)
    await page.route('**/settings-page*', (route) => route.abort())
    await page.locator('.screen-settings').press('Enter')
    await page.getByRole('dialog', { name: 'The page for masking rules did not load' }).waitFor()
    await harness.shot(page, `desk-settings-missing-${browser}`)
    const isDown = browser === 'firefox'
    if (!isDown) await page.unroute('**/settings-page*')
    await page.getByRole('button', { name: 'Try again' }).press('Enter')
    if (isDown) {
      await page.getByRole('button', { name: 'Load again' }).waitFor()
      await page.unroute('**/settings-page*')
      await page.getByRole('button', { name: 'Load again' }).press('Enter')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.locator('.screen-settings').press('Enter')
    }
    await page.locator('.rule-detectors').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  },
)

describe.each(['chromium', 'firefox'] as const)('the playground in %s', (browser) => {
  test('DSK-226 shows a page and what agents would see, counts for each rule, and loads, runs, saves and sends nothing', async () => {
    await put([
      { name: 'accounts', mask_css_selectors: '.iban' },
      { name: 'elsewhere', mask_css_selectors: 'h1', url: ['/account/*'] },
    ])
    const page = await harness.page(browser)
    await openSettings(page)
    const asked: string[] = []
    // What the policy blocks has no answer, as nobody was asked.
    page.on('response', (response) => asked.push(`${response.request().method()} ${new URL(response.url()).pathname}`))
    await page.getByLabel('HTML of a page').fill(PAGE)
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await rule(page, 'accounts').getByText('Elements masked: 2').waitFor()
    await rule(page, 'elsewhere').getByText('Not at this address').waitFor()
    const shown = (pane: number) => page.frameLocator('.try-frame iframe').nth(pane).locator('body').innerText()
    expect(await shown(0)).toContain('DE-SECRET-1')
    expect(await shown(1)).toMatch(/Account[\s\S]*•/)
    expect(await shown(1)).not.toContain('DE-SECRET')
    expect(await shown(1)).toContain('NAME-SECRET')
    expect(await titles(page)).not.toContain('ran')
    // A rule that is edited is tried at once, and saved nowhere.
    await rule(page, 'accounts').getByLabel('Mask elements with these attributes').fill('data-private=yes')
    await rule(page, 'accounts').getByText('Elements masked: 3').waitFor()
    expect(await shown(1)).not.toContain('SECRET')
    await page.getByLabel('Its address').fill('/account/1')
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await rule(page, 'elsewhere').getByText('Elements masked: 1').waitFor()
    // The lists beside the form go on.
    expect(asked.filter((one) => !/^GET \/(replica|agent\/(devices|sessions))$/.test(one))).toEqual([])
    expect(asked).toContain('GET /replica')
    expect((await saved()).length).toBe(2)
  })
})

test('DSK-226 control: the same page in a frame of its own runs and asks for what it names', async () => {
  const page = await harness.page()
  await page.goto(site.origin)
  const asked: string[] = []
  page.on('response', (response) => asked.push(new URL(response.url()).pathname))
  await page.evaluate((html) => {
    const frame = document.createElement('iframe')
    frame.srcdoc = html
    document.body.append(frame)
    return new Promise((resolve) => frame.addEventListener('load', resolve))
  }, PAGE)
  expect(await titles(page)).toEqual(['ran', 'ran'])
  expect(asked).toEqual(expect.arrayContaining(['/never.css', '/never.png']))
})

test('DSK-227 the page of the running session and a file are tried, too', async () => {
  const { page: customer, pin } = await site.waiting()
  await customer.evaluate(() => {
    document.querySelector('#text')!.textContent = 'Balance 4711'
  })
  const page = await harness.page()
  await openDesk(harness, page, '', 1)
  await joinWith(page, pin)
  await allow(customer)
  await page.locator('.status-good').waitFor()
  await page.getByRole('button', { name: 'Masking rules' }).click()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByLabel('Mask these elements').fill('#text')
  await page.getByRole('button', { name: 'The page of this session' }).click()
  await page.getByText('Elements masked: 1').waitFor()
  const pane = (at: number) => page.frameLocator('.try-frame iframe').nth(at).locator('body')
  expect(await pane(0).innerText()).toContain('Balance 4711')
  expect(await pane(1).innerText()).not.toContain('4711')
  await page.getByLabel('Choose a file').setInputFiles({
    name: 'page.html',
    mimeType: 'text/html',
    buffer: Buffer.from('<p id="text">from a file</p><p>beside</p>'),
  })
  await pane(0).getByText('from a file').waitFor()
  await pane(1).getByText('beside').waitFor()
  expect(await pane(1).innerText()).not.toContain('from a file')
  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await page.getByText('Live', { exact: true }).waitFor()
  await customer.evaluate(() => window.customer.end())
})
