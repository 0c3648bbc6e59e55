import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { compile } from 'svelte/compiler'
import { defaultClientConditions, type Plugin } from 'vite'
import { defineConfig, type UserWorkspaceConfig } from 'vitest/config'
import { CHROMIUM, FIREFOX } from './scripts/browsers.ts'
import { webkit } from './scripts/webkit.ts'

const DOCTYPES: Record<string, string> = {
  standards: '<!DOCTYPE html>',
  'limited-quirks':
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
  quirks: '',
}

/** Serves the inert document that a replica lives in, as the server does at the same address. */
const replicaDocument: Plugin = {
  name: 'replica-document',
  configureServer(server) {
    server.middlewares.use('/replica', (request, response) => {
      const mode = new URL(request.url ?? '/', 'http://localhost').searchParams.get('mode') ?? 'standards'
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(`${DOCTYPES[mode] ?? ''}<html><head></head><body></body></html>`)
    })
  },
}

/** Compiles the components that tests of Svelte use. */
const svelteComponents: Plugin = {
  name: 'svelte-components',
  transform: (code, id) => (id.endsWith('.svelte') ? compile(code, { filename: id }).js : undefined),
}

/** As long as Playwright waits: a second is little on a busy machine. */
const PATIENT = { poll: { timeout: 30_000 } }

/** Tests that press keys and buttons. */
const PRESSING = ['**/panel*.browser.test.ts']

const inBrowsers = {
  plugins: [replicaDocument, svelteComponents],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  // What is found only later makes the browser load the tests anew.
  optimizeDeps: {
    include: [
      '@angular/compiler',
      '@angular/core',
      '@angular/forms',
      '@angular/material/core',
      '@angular/material/datepicker',
      '@angular/material/form-field',
      '@angular/material/input',
      '@angular/material/select',
      '@angular/platform-browser',
      '@lexical/history',
      '@lexical/rich-text',
      '@radix-ui/react-select',
      'codemirror',
      'flatpickr',
      'jquery',
      'jquery-ui/dist/jquery-ui.js',
      'lexical',
      'prosemirror-commands',
      'prosemirror-history',
      'prosemirror-keymap',
      'prosemirror-schema-basic',
      'prosemirror-state',
      'prosemirror-view',
      'quill',
      'react',
      'react-dom',
      'react-dom/client',
      'svelte',
      'svelte/internal/client',
      'svelte/internal/disclose-version',
      'vue',
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['{packages,apps}/**/*.browser.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 120_000,
    expect: PATIENT,
    // One page at a time: only one has the focus.
    fileParallelism: false,
    browser: { enabled: true, screenshotFailures: false },
  },
} satisfies UserWorkspaceConfig

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
          globalSetup: ['packages/server/testing/postgres.ts'],
          testTimeout: 120_000,
          expect: PATIENT,
        },
      },
      {
        ...inBrowsers,
        test: {
          ...inBrowsers.test,
          name: 'browser',
          browser: {
            ...inBrowsers.test.browser,
            headless: true,
            instances: [
              { browser: 'chromium', provider: playwright({ launchOptions: CHROMIUM }) },
              {
                browser: 'firefox',
                provider: playwright({ launchOptions: FIREFOX }),
                // Vitest now and then loses its own frame in Firefox when a test presses keys or buttons. The
                // end-to-end tests press the panel's buttons in Firefox. Without a GPU it has no WebGL.
                exclude: [...inBrowsers.test.exclude, ...PRESSING, '**/webgl.browser.test.ts'],
              },
            ],
          },
        },
      },
      {
        ...inBrowsers,
        test: {
          ...inBrowsers.test,
          // Of its own: all browsers of a project have one provider.
          name: 'safari',
          // Its driver has no keys and buttons for Vitest. One difference in this engine is open: the random operations
          // find a frame within a frame whose document it takes away.
          exclude: [
            ...inBrowsers.test.exclude,
            ...PRESSING,
            '**/fuzz.browser.test.ts',
            '**/mask-fuzz.browser.test.ts',
            '**/shadow-selection.browser.test.ts',
          ],
          browser: {
            ...inBrowsers.test.browser,
            // As it would be by hand. Where `CI` is set Vitest would size its frame by a command that this driver has not.
            headless: false,
            ui: true,
            instances: [{ browser: 'webkit', provider: webkit }],
          },
        },
      },
      {
        resolve: { conditions: ['source'] },
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['e2e/**/*.e2e.ts'],
          // Each file has a server and browsers of its own.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: PATIENT,
        },
      },
    ],
  },
})
