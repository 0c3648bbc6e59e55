import { join } from 'node:path'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright'
import { build, defaultClientConditions } from 'vite'
import { CHROMIUM } from '../scripts/browsers.ts'

/** The two products, and a page without either: what both are measured against. */
export const SUBJECTS = ['mirror', 'recorder'] as const
export type SubjectName = (typeof SUBJECTS)[number]

const ORIGIN = 'http://bench.localhost'

/** One Chromium for a whole measure, and the bundles of both products. */
export interface Stage {
  /** Script of each product. */
  bundles: Record<SubjectName, string>
  /** Opens a page that shows `html`, with one product loaded, or none. */
  open(html: string, subject?: SubjectName): Promise<Act>
  close(): Promise<void>
}

export interface Act {
  page: Page
  /** CPU time of the page's main thread so far, in ms. */
  cpu(): Promise<number>
  /** CPU time of all threads of the browser so far, those that raster and compose among them, in ms. */
  cpuOfAll(): Promise<number>
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const bundles = { mirror: await bundle('mirror'), recorder: await bundle('recorder') }
  const browser = await chromium.launch(CHROMIUM)
  return {
    bundles,
    open: (html, subject) => openPage(browser, html, subject && bundles[subject]),
    close: () => browser.close(),
  }
}

async function openPage(browser: Browser, html: string, script?: string): Promise<Act> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  page.on('pageerror', (error) => console.error(`The measured page failed: ${error.message}`))
  const answer = (body: string) => ({ contentType: 'text/html; charset=utf-8', body })
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/replica') return route.fulfill(answer('<!DOCTYPE html><html><head></head><body></body></html>'))
    return pathname === '/' ? route.fulfill(answer(html)) : route.fulfill({ status: 404, body: '' })
  })
  await page.goto(`${ORIGIN}/`)
  if (script) await page.addScriptTag({ content: script })
  await page.evaluate(watch)
  const devtools = await page.context().newCDPSession(page)
  // CPU time instead of time on the clock: another program on the machine does not count.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await devtools.send('HeapProfiler.collectGarbage')
  await settle(page)
  const processes = await browser.newBrowserCDPSession()
  const close = async () => {
    await processes.detach()
    await page.close()
  }
  return { page, cpu: () => readCpu(devtools), cpuOfAll: () => readCpuOfAll(processes), close }
}

/** Runs in the page: a place for messages. */
function watch(): void {
  window.messages = []
}

/** Resolves when no message has come for a while, so that slices, timers and frames have run. */
export function settle(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let quiet = 0, seen = -1; quiet < 4; ) {
      await new Promise((resolve) => setTimeout(resolve, 25))
      quiet = window.messages.length === seen ? quiet + 1 : 0
      seen = window.messages.length
    }
  })
}

async function readCpu(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return 1000 * (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? Number.NaN)
}

async function readCpuOfAll(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0)
}

/** One file of `in-page` as a script. */
export async function bundle(name: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', ...defaultClientConditions] },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(import.meta.dirname, `in-page/${name}.ts`), formats: ['iife'], name: 'bench', fileName: name },
    },
  })
  const output = Array.isArray(result) ? result[0] : result
  const chunk = output && 'output' in output ? output.output.find((part) => part.type === 'chunk') : undefined
  if (!chunk) throw new Error(`Nothing was built from bench/in-page/${name}.ts`)
  return chunk.code
}
