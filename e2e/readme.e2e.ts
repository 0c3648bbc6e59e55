import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Harness } from './harness.ts'

let harness: Harness
let site: Server

beforeAll(async () => {
  harness = await Harness.open()
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const snippet = /```html\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const page = `<!DOCTYPE html><button id="help">Help</button>${snippet}`
    .replace('https://cobrowse.example', harness.url())
    .replace('YOUR_SDK_KEY', 'dev')
  site = createServer(async (request, response) => {
    if (request.url === '/my-token') return response.end(await harness.token('customer', 'Cora'))
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
})

afterAll(async () => {
  site.close()
  await harness.close()
})

test('OPS-10 the lines of README.md share a page of another site by a PIN', async () => {
  const page = await harness.page()
  const shown = new Promise<string>((resolve) => {
    page.on('dialog', (dialog) => {
      resolve(dialog.message())
      void dialog.dismiss()
    })
  })
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  await page.getByRole('button', { name: 'Help' }).click()
  expect(await shown).toMatch(/^Read this to the agent: \d{6}$/)
})
