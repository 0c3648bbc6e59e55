import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endSession, GuestSite, PLACEHOLDER, shows } from './guest-site.ts'

let site: GuestSite
beforeAll(async () => {
  site = await GuestSite.open()
})
afterAll(() => site.close())

describe.each(['chromium', 'firefox'] as const)('iframes of other origins, in %s', (browser) => {
  test('FRM-1 the agent sees a trusted one as it is, with what changes in it, its fields and where it is scrolled to', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/form'], { trustedOrigins: [site.origin('pay')] })
    await shows(agent, 'Pay here')
    const frame = customer.frames()[1]!
    await frame.evaluate(() => {
      document.getElementById('text')!.textContent = 'second'
    })
    await shows(agent, 'second')
    await frame.fill('#name', 'Dora')
    await frame.evaluate(() => document.getElementById('box')!.click())
    await frame.evaluate(() => scrollTo(0, 700))
    await agent.waitForFunction(() => {
      const inner = document.querySelector('iframe')?.contentDocument?.querySelector('iframe')?.contentDocument
      const field = inner?.getElementById('name') as HTMLInputElement | undefined
      const box = inner?.getElementById('box') as HTMLInputElement | undefined
      return field?.value === 'Dora' && box?.checked && inner?.defaultView?.scrollY === 700
    })
    await frame.evaluate(() => scrollTo(0, 0))
    await site.harness.shot(agent, `guest-${browser}`)
    expect(await agent.evaluate(() => window.copyText())).not.toContain(PLACEHOLDER)
    await endSession(customer, agent)
  })

  test('FRM-2 one that is not trusted, or does not load the script, shows a note in the copy and nothing else', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/form', 'bank/form', 'pay/silent'], {
      trustedOrigins: [site.origin('pay')],
    })
    await shows(agent, 'Pay here')
    const text = await agent.evaluate(() => window.copyText())
    expect(text.split(PLACEHOLDER)).toHaveLength(3)
    expect(text.split('Pay here')).toHaveLength(2)
    expect(text).not.toContain('Says nothing')
    await site.harness.shot(agent, `guest-notes-${browser}`)
    await endSession(customer, agent)
  })
})
