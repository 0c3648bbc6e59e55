import { AlongsideError, type CustomData } from '@alongside/protocol'
import { CUSTOM_DATA, type CustomerSettings, isCustomData, isSelector } from '../settings.ts'
import type { CobrowseProperties, Views } from './cobrowse-client.ts'

/** Capabilities of Cobrowse.io that let an agent draw. */
const ANNOTATIONS = ['laser', 'drawing', 'disappearing_ink', 'rectangles', 'arrows']

/** Those that let an agent act on the page, and what we call it. */
const REMOTE_CONTROL = { scroll: 'scroll_page', pointer: 'click', keypress: 'type', select: 'select' } as const

/** All that a page of this kind can be used with. */
export const CAPABILITIES = ['cursor', ...ANNOTATIONS, ...Object.keys(REMOTE_CONTROL)]

type Hooks = Pick<CustomerSettings, 'confirmSession' | 'confirmRemoteAssist'>

/** The settings of `init` that the properties of a page stand for. Throws 1103 with the name of the property. */
export function readProperties(page: CobrowseProperties, hooks: Hooks): CustomerSettings {
  const capabilities = page.capabilities ?? CAPABILITIES
  if (!Array.isArray(capabilities)) throw invalid('capabilities', 'a list of names')
  const types = Object.entries(REMOTE_CONTROL).flatMap(([name, type]) => (capabilities.includes(name) ? [type] : []))
  return {
    allowAgentAnnotation: capabilities.some((name) => ANNOTATIONS.includes(name)),
    // Cobrowse.io has none.
    allowCustomerAnnotation: false,
    piiMask: {
      maskType: 'custom_input',
      maskCssSelectors: readViews(page.redactedViews, 'redactedViews').join(),
      unmaskCssSelectors: readViews(page.unredactedViews, 'unredactedViews').join(),
    },
    remoteAssist: { enable: types.length > 0, enableCustomerConsent: true, remoteAssistTypes: types },
    trustedOrigins: readOrigins(page.trustedOrigins),
    ui: page.showSessionControls || page.hideSessionControls ? false : { code: false, ...page.ui },
    ...hooks,
  }
}

/** What agents read about the customer: numbers and truth values as texts, what has no value left out. Throws 1103. */
export function readCustomData(given: unknown): CustomData {
  const entries = Object.entries((given ?? {}) as object).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined || value === null) return []
    return [[name, typeof value === 'number' || typeof value === 'boolean' ? String(value) : value]]
  })
  const data: unknown = Object.fromEntries(entries)
  if (typeof (given ?? {}) !== 'object' || !isCustomData(data)) throw invalid('customData', CUSTOM_DATA)
  return data as CustomData
}

/** Each selector by itself, so that two halves cannot make a whole. Those that Cobrowse.io limits to some addresses hold
 *  on all pages here: an address can change while the page stays, and a mask must not fail open. */
function readViews(views: Views | undefined, property: string): string[] {
  const list = [views ?? []].flat().flatMap((view) => (isScoped(view) ? Object.values(view).flat() : [view]))
  for (const selector of list) if (!isSelector(selector)) throw invalid(property, 'a list of valid CSS selectors')
  return list.filter((selector) => selector.trim())
}

function isScoped(view: unknown): view is Record<string, string | string[]> {
  return typeof view === 'object' && view !== null && !Array.isArray(view)
}

/** Pages write addresses with a path here, and Cobrowse.io bears it. What is no address trusts nobody. */
function readOrigins(given: unknown): string[] {
  return (Array.isArray(given) ? given : []).flatMap((address: unknown) => {
    try {
      return [new URL(String(address)).origin]
    } catch {
      return []
    }
  })
}

export function invalid(property: string, expected: string): AlongsideError {
  return new AlongsideError(1103, `${property}: expected ${expected}.`, { setting: property })
}
