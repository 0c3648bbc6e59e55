import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { CHROMIUM, FIREFOX } from './scripts/browsers.ts'

/** Serves the inert document that a replica lives in, as the server does at the same address. */
const replicaDocument = {
  name: 'replica-document',
  configureServer(server: {
    middlewares: { use(path: string, handle: (request: unknown, response: Answer) => void): void }
  }) {
    server.middlewares.use('/replica', (_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end('<!DOCTYPE html><html><head></head><body></body></html>')
    })
  },
}

interface Answer {
  setHeader(name: string, value: string): void
  end(body: string): void
}

export default defineConfig({
  test: {
    maxWorkers: Math.max(1, availableParallelism()),
    projects: [
      {
        resolve: { conditions: ['source'] },
        test: {
          name: 'node',
          environment: 'node',
          include: ['{packages,apps,scripts,bench}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
        },
      },
      {
        plugins: [replicaDocument],
        resolve: { conditions: ['source'] },
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        test: {
          name: 'browser',
          include: ['{packages,apps}/**/*.browser.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [
              { browser: 'chromium', provider: playwright({ launchOptions: CHROMIUM }) },
              { browser: 'firefox', provider: playwright({ launchOptions: FIREFOX }) },
            ],
          },
        },
      },
      {
        resolve: { conditions: ['source'] },
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['e2e/**/*.e2e.ts'],
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
