import {
  AlongsideError,
  type AssistType,
  MAX_CUSTOM_DATA_BYTES,
  MAX_CUSTOM_DATA_ENTRIES,
  MAX_CUSTOM_DATA_NAME,
} from '@alongside/protocol'

/** Settings of `AlongsideSDK.init`, as the contract lists them. What this version does not use yet is checked all the
 *  same. Settings it does not know are ignored, because a page may be written for a newer one. */
export interface CustomerSettings {
  allowAgentAnnotation?: boolean
  allowCustomerAnnotation?: boolean
  piiMask?: {
    maskType?: 'custom_input' | 'all_input' | 'all'
    maskCssSelectors?: string
    maskHTMLAttributes?: string
    unmaskCssSelectors?: string
    /** Further rules, each at some addresses of the site only if it has `url`: paths, or hosts and paths, with `*`. */
    rules?: {
      name?: string
      url?: string[]
      maskType?: 'custom_input' | 'all_input' | 'all'
      maskCssSelectors?: string
      maskHTMLAttributes?: string
      unmaskCssSelectors?: string
    }[]
    /** Masks what looks like a card number, an IBAN or an e-mail address, wherever it stands. */
    detectors?: ('card' | 'iban' | 'email')[]
  }
  remoteAssist?: {
    enable?: boolean
    enableCustomerConsent?: boolean
    remoteAssistTypes?: AssistType[]
    requireStopConfirmation?: boolean
    disabledCssSelectors?: string
    /** Masked elements that an agent may operate all the same, unread; never those of the always-on set. */
    allowedMaskedCssSelectors?: string
  }
  multiTabSessionPersistence?: { enable?: boolean; stateCookieKey?: string }
  /** Replaces the dialog that asks whether this agent may look. Anything but `true`, and a rejection, is a no. It is
   *  also asked where the key's settings need no dialog. */
  confirmSession?: (agent: {
    userId: string
    userName: string
    company?: string
    /** It may look and do nothing else. */
    watchOnly?: true
    /** The name of the agent who invited this one. */
    invitedBy?: string
    /** What the agent sees is kept: the customer must know before the answer. */
    recorded: boolean
  }) => Promise<boolean> | boolean
  /** Replaces the dialog that asks whether this agent may act on the page. Anything but `true`, and a rejection, is a no. */
  confirmRemoteAssist?: (agent: { userId: string; userName: string; types: AssistType[] }) => Promise<boolean> | boolean
  /** `false` shows no panel. The question whether an agent may look is still asked unless `confirmSession` does it. */
  ui?: false | PanelSettings
  /** Lists this browser among the present customers of the SDK key, so that an agent can begin a session. Needs no token;
   *  the key decides whether it is allowed. Costs one connection, and observes nothing. */
  registration?: boolean
  /** What agents read about the customer of a listed browser: texts by name, such as `user_name` and `user_email`. */
  customData?: Record<string, string>
  /** Other sites of yours: a session can be handed to their pages, and is taken from them. */
  trustedOrigins?: string[]
}

/** The look of the built-in panel. */
export interface PanelSettings {
  theme?: 'auto' | 'light' | 'dark'
  position?: 'bottom-right' | 'bottom-left' | 'top-left' | 'top-right'
  /** `false` leaves showing the PIN to the page. */
  code?: boolean
  /** BCP 47 tag; the page's own or the browser's language when left out. With `texts` it is their language. */
  language?: string
  /** Replaces texts by their name. */
  texts?: Record<string, string>
}

type Check = (value: unknown) => boolean
type Rule = [setting: string, expected: string, check: Check]

const is =
  (type: string): Check =>
  (value) =>
    typeof value === type
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isBoolean = is('boolean')
const isFunction = is('function')

export const isSelector: Check = (value) => {
  if (typeof value !== 'string') return false
  if (!value.trim()) return true
  try {
    new DocumentFragment().querySelector(value)
    return true
  } catch {
    return false
  }
}

const isPairs: Check = (value) =>
  typeof value === 'string' && (!value.trim() || value.split(',').every((pair) => /^\s*[^\s=]+\s*=/.test(pair)))

const isOrigin: Check = (value) => {
  try {
    return typeof value === 'string' && new URL(value).origin === value
  } catch {
    return false
  }
}

export const isCustomData: Check = (value) => {
  if (!isObject(value)) return false
  const entries = Object.entries(value as object)
  return (
    entries.length <= MAX_CUSTOM_DATA_ENTRIES &&
    entries.every(([name, text]) => name && name.length <= MAX_CUSTOM_DATA_NAME && typeof text === 'string') &&
    new TextEncoder().encode(entries.flat().join('')).length <= MAX_CUSTOM_DATA_BYTES
  )
}

export const CUSTOM_DATA = `an object of at most ${MAX_CUSTOM_DATA_ENTRIES} texts, ${MAX_CUSTOM_DATA_BYTES} bytes together`
const SELECTORS = 'a valid list of CSS selectors'
const BOOLEAN = 'true or false'
const OBJECT = 'an object'
const FUNCTION = 'a function'

const RULES: Rule[] = [
  ['allowAgentAnnotation', BOOLEAN, isBoolean],
  ['allowCustomerAnnotation', BOOLEAN, isBoolean],
  ['piiMask', OBJECT, isObject],
  ['piiMask.maskType', 'custom_input, all_input or all', oneOf('custom_input', 'all_input', 'all')],
  ['piiMask.maskCssSelectors', SELECTORS, isSelector],
  ['piiMask.maskHTMLAttributes', 'name=value pairs with commas between them', isPairs],
  ['piiMask.unmaskCssSelectors', SELECTORS, isSelector],
  ['piiMask.rules', 'a list of objects', listOf(isObject)],
  ['piiMask.detectors', 'a list of card, iban, email', listOf(oneOf('card', 'iban', 'email'))],
  ['remoteAssist', OBJECT, isObject],
  ['remoteAssist.enable', BOOLEAN, isBoolean],
  ['remoteAssist.enableCustomerConsent', BOOLEAN, isBoolean],
  [
    'remoteAssist.remoteAssistTypes',
    'a list of scroll_page, click, type, navigate, select',
    listOf(oneOf('scroll_page', 'click', 'type', 'navigate', 'select')),
  ],
  ['remoteAssist.requireStopConfirmation', BOOLEAN, isBoolean],
  ['remoteAssist.disabledCssSelectors', SELECTORS, isSelector],
  ['remoteAssist.allowedMaskedCssSelectors', SELECTORS, isSelector],
  ['multiTabSessionPersistence', OBJECT, isObject],
  ['multiTabSessionPersistence.enable', BOOLEAN, isBoolean],
  ['multiTabSessionPersistence.stateCookieKey', 'a text', is('string')],
  ['confirmSession', FUNCTION, isFunction],
  ['confirmRemoteAssist', FUNCTION, isFunction],
  ['ui', 'false or an object', (value) => value === false || isObject(value)],
  ['ui.theme', 'auto, light or dark', oneOf('auto', 'light', 'dark')],
  ['ui.position', 'a corner like bottom-right', (value) => /^(top|bottom)-(left|right)$/.test(value as string)],
  ['ui.code', BOOLEAN, isBoolean],
  ['ui.language', 'a language tag', is('string')],
  ['ui.texts', 'an object of texts', (value) => isObject(value) && Object.values(value as object).every(is('string'))],
  ['registration', BOOLEAN, isBoolean],
  ['customData', CUSTOM_DATA, isCustomData],
  ['trustedOrigins', 'a list of origins like https://pay.example.com', listOf(isOrigin)],
]

/** Checks what a page gave to `init`. Throws 1103 with the name of the first setting that is wrong: a page must not
 *  believe in a mask that is not there. */
export function readSettings(given: unknown): CustomerSettings {
  if (given === undefined || given === null) return {}
  if (!isObject(given)) throw invalid('settings', OBJECT)
  for (const [setting, expected, check] of RULES) {
    const value = setting.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], given)
    if (value !== undefined && !check(value)) throw invalid(setting, expected)
  }
  // A copy: what the page does to its object later must not change what was checked.
  return copySettings(given as CustomerSettings)
}

function invalid(setting: string, expected: string): AlongsideError {
  return new AlongsideError(1103, `${setting}: expected ${expected}.`, { setting })
}

function copySettings(given: CustomerSettings): CustomerSettings {
  const copy: Record<string, unknown> = { ...given }
  for (const [name, value] of Object.entries(copy)) {
    if (isObject(value)) copy[name] = { ...(value as object) }
    else if (Array.isArray(value)) copy[name] = [...value]
  }
  return copy
}
