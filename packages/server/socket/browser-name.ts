import { BROWSER_KINDS, type BrowserInfo } from '@alongside/protocol'
import { BROWSER_MAP, OS_MAP, parse } from 'bowser'

/** Longer than any that a browser sends. */
const MAX_USER_AGENT = 512

/** What is shown of a header that anybody can write: names that the library itself has, and no other text. Without those of
 *  machines, which share no page. */
const BROWSERS = new Set<string>(Object.values(BROWSER_MAP))
const SYSTEMS = new Set<string>(Object.values(OS_MAP))

/** As people call them. */
const SHORTER: Record<string, string> = { 'Samsung Internet for Android': 'Samsung Internet', 'Chrome OS': 'ChromeOS' }

/** The browser by its `User-Agent`: a coarse name, for whoever helps with it. Undefined when nothing of it is known. An iPad
 *  calls itself a Mac. */
export function readBrowser(userAgent: string | undefined): BrowserInfo | undefined {
  if (!userAgent || userAgent.length > MAX_USER_AGENT) return undefined
  const { browser, os, platform } = parse(userAgent)
  const [name, system] = [known(BROWSERS, browser.name), known(SYSTEMS, os.name)]
  const kind = BROWSER_KINDS.find((one) => one === platform.type)
  if (!name && !system) return undefined
  return { ...(name ? { name } : {}), ...(system ? { os: system } : {}), ...(kind ? { kind } : {}) }
}

function known(names: ReadonlySet<string>, name: string | undefined): string | undefined {
  return name !== undefined && names.has(name) && name !== 'Generic' ? (SHORTER[name] ?? name) : undefined
}
