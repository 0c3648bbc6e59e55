import { globSync } from 'node:fs'
import { getuid } from 'node:process'

// Chromium refuses its sandbox to root, and containers have no GPU to find.
const ROOT_FLAGS = getuid?.() === 0 ? ['--no-sandbox'] : []

// The list that Playwright gives, since the last one counts, and the address bar's pop-ups: they cost each new context a
// process, a third of the time that it takes to open.
const UNUSED = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'BlockOriginHeaderModificationOnRedirect',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'Translate',
  'AutoDeElevate',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
]

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
    `--disable-features=${UNUSED.join(',')}`,
  ],
}

/** How tests launch WebKit: Debian's build with its own window, on a display in memory. */
export const WEBKIT = {
  driver: process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver',
  display: '/usr/bin/Xvfb',
  /** The driver's browser; its folder's name has the architecture. */
  browser: () => globSync('/usr/lib/*/webkit2gtk-4.1/MiniBrowser')[0] ?? 'MiniBrowser',
}

/** How tests launch Firefox: an unpatched one over WebDriver BiDi. `FIREFOX_PATH` names another one than Debian's. */
export const FIREFOX = {
  channel: 'moz-firefox',
  executablePath: process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr',
}
