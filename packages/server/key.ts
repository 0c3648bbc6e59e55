import type { KeySettings } from '@alongside/protocol'
import { z } from 'zod'
import { keyMaskSchema } from './key-mask.ts'
import { companySchema } from './shown-name.ts'
import { isOrigin } from './socket/allowed-origin.ts'

/** Names of the events that a webhook may ask for. */
export const WEBHOOK_EVENTS = [
  'cobrowse.session_started',
  'cobrowse.session_user_joined',
  'cobrowse.session_user_left',
  'cobrowse.session_ended',
] as const

export interface Webhook {
  url: string
  /** Signs what is sent to `url`. */
  secret: string
  /** All when left out. */
  events?: (typeof WEBHOOK_EVENTS)[number][]
}

/** One integrator: its credentials and its settings. Keys share nothing with each other. */
export interface Key extends KeySettings {
  features: KeySettings['features'] & {
    /** Whether agents may see the open sessions of the key, and ask to come in. */
    sessionList: boolean
  }
  /** Public: stands in script addresses and tokens. */
  sdkKey: string
  /** Sign the tokens of customers and agents. Newest first; more than one while an integrator changes over. */
  secrets: readonly Uint8Array[]
  /** Issuer of the tokens for REST. Without one the key has no REST. */
  apiKey?: string
  /** Sign the tokens for REST, newest first. */
  apiSecrets: readonly Uint8Array[]
  /** What webhooks name the account. */
  accountId: string
  /** Origins that may start sessions and frame the desk. Undefined: any site may start sessions, none frames the desk. */
  allowedOrigins?: readonly string[]
  /** Whether customers without a token may ask for a code and be listed as present. */
  anonymous: boolean
  /** Length of a generated PIN, 6 to 10. `auto`: 6, and more while many are live. */
  pinDigits: number | 'auto'
  webhooks: readonly Webhook[]
  recording: 'off' | 'on'
  /** How long a recording is kept after its end. */
  recordingDays: number
}

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "-" or "_"')

// 32 bytes is the least that HS256 may be used with (RFC 7518, section 3.2).
const secret = z.string().min(32, 'must have at least 32 characters')
const secrets = z
  .union([secret.transform((one) => [one]), z.array(secret).min(1).max(5)], {
    error: 'must be a text of at least 32 characters, or a list of 1 to 5 such texts, the newest first',
  })
  .transform((list) => list.map((text) => new TextEncoder().encode(text)))

const DEFAULTS = {
  consent: 'always',
  anonymous: true,
  features: {
    agentAnnotation: true,
    customerAnnotation: true,
    remoteAssist: true,
    multiTab: true,
    presence: true,
    sessionList: true,
  },
  pinDigits: 6,
  webhooks: [],
  recording: 'off',
  recordingDays: 30,
} as const satisfies Partial<Key>

const on = z.boolean().default(true)

/** A key as an administrator writes it. */
export const keySchema = z
  .strictObject({
    sdkKey: name,
    sdkSecret: secrets,
    apiKey: name.exactOptional(),
    apiSecret: secrets.exactOptional(),
    accountId: z.string().min(1).max(80).exactOptional(),
    company: companySchema.exactOptional(),
    allowedOrigins: z
      .array(z.string().refine(isOrigin, 'must be an origin such as https://shop.example'))
      .exactOptional(),
    consent: z.enum(['always', 'agent_initiated']).default(DEFAULTS.consent),
    anonymous: z.boolean().default(DEFAULTS.anonymous),
    features: z
      .strictObject({
        agentAnnotation: on,
        customerAnnotation: on,
        remoteAssist: on,
        multiTab: on,
        presence: on,
        sessionList: on,
      })
      .prefault({}),
    pinDigits: z
      .union([z.int().min(6).max(10), z.literal('auto')], { error: 'must be auto, or a whole number from 6 to 10' })
      .default(DEFAULTS.pinDigits),
    recording: z.enum(['off', 'on']).default(DEFAULTS.recording),
    recordingDays: z.int().min(1).max(3_650).default(DEFAULTS.recordingDays),
    mask: keyMaskSchema.exactOptional(),
    webhooks: z
      .array(
        z.strictObject({
          url: z
            .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
            .refine(isWhollySent, 'must hold no user name, password or fragment, which would not be sent'),
          secret: z.string().min(16, 'must have at least 16 characters'),
          events: z.array(z.enum(WEBHOOK_EVENTS)).min(1).exactOptional(),
        }),
      )
      .max(10)
      .superRefine((webhooks, context) => {
        // What waits for an address is kept under it: two entries would each send all of it.
        for (const [index, { url }] of webhooks.entries())
          if (webhooks.findIndex((other) => sameAddress(other.url, url)) < index)
            context.addIssue({
              code: 'custom',
              path: [index, 'url'],
              message: 'is there twice: name all events in one',
            })
      })
      .default([]),
  })
  .refine(({ apiKey, apiSecret }) => (apiKey === undefined) === (apiSecret === undefined), {
    path: ['apiSecret'],
    error: 'and apiKey belong together: set both or neither',
  })
  .transform(
    ({ sdkSecret, apiSecret, ...key }): Key => ({
      ...key,
      secrets: sdkSecret,
      apiSecrets: apiSecret ?? [],
      accountId: key.accountId ?? key.sdkKey,
    }),
  )

export const keysSchema = z.array(keySchema).superRefine((keys, context) => {
  for (const field of ['sdkKey', 'apiKey'] as const) {
    for (const [index, key] of keys.entries()) {
      const value = key[field]
      if (value !== undefined && keys.findIndex((other) => other[field] === value) < index)
        context.addIssue({ code: 'custom', path: [index, field], message: 'is there twice: each key needs its own' })
    }
  }
})

/** A key with these credentials and nothing set. */
export function makeKey(sdkKey: string, ...secrets: Uint8Array[]): Key {
  return { ...DEFAULTS, sdkKey, secrets, apiSecrets: [], accountId: sdkKey }
}

/** What a customer's page may know of its key. An agent who called was told no PIN, and a customer is recorded only after
 *  reading so: there the question is asked. */
export function settingsForPage(
  { company, consent, mask, features: all }: Key,
  called: boolean,
  recorded: boolean,
): KeySettings {
  const { sessionList: _forAgents, ...features } = all
  return {
    ...(company === undefined ? {} : { company }),
    consent: called || recorded ? 'always' : consent,
    ...(recorded ? { recording: 'on' } : {}),
    ...(mask?.rules.length || mask?.detectors.length ? { mask } : {}),
    features,
  }
}

function isWhollySent(url: string): boolean {
  if (!URL.canParse(url)) return true
  const { username, password, hash } = new URL(url)
  return username === '' && password === '' && hash === ''
}

function sameAddress(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href
}
