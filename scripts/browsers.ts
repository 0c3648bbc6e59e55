import { getuid } from 'node:process'

// Chromium refuses its sandbox to root, and containers have no GPU to find.
const ROOT_FLAGS = getuid?.() === 0 ? ['--no-sandbox'] : []

/** How tests and benchmarks launch Chromium. `CHROMIUM_PATH` names another one than Debian's. */
export const CHROMIUM = {
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    ...ROOT_FLAGS,
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** How tests launch Firefox: an unpatched one over WebDriver BiDi. `FIREFOX_PATH` names another one than Debian's. */
export const FIREFOX = {
  channel: 'moz-firefox',
  executablePath: process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr',
}
