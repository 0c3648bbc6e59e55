import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { matches, tagOf } from '../entity-tag.ts'
import type { History } from '../history/history.ts'
import type { Key } from '../key.ts'
import { fromBody, maskBody, toBody } from '../key-mask.ts'
import type { LiveKeys } from '../key-settings.ts'
import { companySchema } from '../shown-name.ts'
import { type Api, callerOf } from './api.ts'
import { ApiError, COMMON_ERRORS } from './api-error.ts'

const FEATURES = {
  agent_annotation: 'agentAnnotation',
  customer_annotation: 'customerAnnotation',
  remote_assist: 'remoteAssist',
  multi_tab: 'multiTab',
  presence: 'presence',
  session_list: 'sessionList',
} as const
type FeatureName = keyof typeof FEATURES

const consent = z.enum(['always', 'agent_initiated'])
const recording = z.enum(['off', 'on'])
const recordingDays = z.int().min(1).max(3_650)

function featuresOf<Schema extends z.ZodType>(
  schema: Schema,
): z.ZodObject<Record<FeatureName, Schema>, z.core.$strict> {
  return z.strictObject({
    agent_annotation: schema,
    customer_annotation: schema,
    remote_assist: schema,
    multi_tab: schema,
    presence: schema,
    session_list: schema,
  })
}

const settingsSchema = z
  .object({
    sdk_key: z.string(),
    company: z.string().nullable().describe('The name that the customer reads.'),
    consent: consent.describe('Which agents the customer is asked about.'),
    features: featuresOf(z.boolean()).describe('What is false here, no page can switch on.'),
    anonymous: z.boolean().describe('Whether customers without a token may ask for a code.'),
    pin_digits: z.union([z.int(), z.literal('auto')]),
    recording: recording.describe('Whether what agents are shown is kept.'),
    recording_days: recordingDays.describe('How long recordings are kept.'),
    allowed_origins: z.array(z.string()).nullable().describe('Null: any site.'),
    mask: maskBody,
  })
  .describe('The settings that new sessions of the key get.')

const patchSchema = z
  .strictObject({
    company: companySchema.nullable().exactOptional(),
    consent: consent.nullable().exactOptional(),
    recording: recording.nullable().exactOptional(),
    recording_days: recordingDays.nullable().exactOptional(),
    features: featuresOf(z.boolean().nullable().exactOptional()).exactOptional(),
    mask: maskBody.nullable().exactOptional(),
  })
  .describe('What is to change. Null goes back to the configuration.')

/** The settings of the key that asks: read, and changed without a restart. */
export function addSettingsOperations(
  api: Api,
  keys: LiveKeys,
  history: History,
  clock: Clock,
  /** Rejects when recordings could not be written. */
  checkFolder: () => Promise<void>,
): void {
  const tags = ['Alongside']

  api.get(
    '/alongside/settings',
    {
      schema: {
        operationId: 'getSettings',
        tags,
        summary: 'Read the settings of the key',
        description: 'The configuration, and over it what was changed by `changeSettings`.',
        response: { 200: settingsSchema, ...COMMON_ERRORS },
      },
    },
    async (request, reply) => answer(reply, callerOf(request)),
  )

  api.patch(
    '/alongside/settings',
    {
      schema: {
        operationId: 'changeSettings',
        tags,
        summary: 'Change settings of the key',
        description:
          'Changes what is given and leaves the rest. It is kept over a restart and is used by sessions that start from then on; `mask` counts at once in those that are open too. With the `ETag` of an answer as `If-Match`, it is refused with 412 once anything has changed since.',
        body: patchSchema,
        response: { 200: settingsSchema, ...COMMON_ERRORS, 409: COMMON_ERRORS[400], 412: COMMON_ERRORS[400] },
      },
    },
    async (request, reply) => {
      const { features, recording_days: recordingDays, mask, ...rest } = request.body
      if (rest.recording === 'on') await checkFolder().catch(cannotRecord)
      const entries = Object.entries(features ?? {}).map(([name, on]) => [FEATURES[name as FeatureName], on])
      const patch = {
        ...rest,
        ...(recordingDays === undefined ? {} : { recordingDays }),
        ...(features && { features: Object.fromEntries(entries) }),
        ...(mask === undefined ? {} : { mask: mask && fromBody(mask) }),
      }
      const { sdkKey } = callerOf(request)
      const key = await keys.change(sdkKey, patch, clock.now(), (before) => {
        if (!matches(request.headers['if-match'], describe(before))) throw changedMeanwhile()
      })
      history.tell({
        type: 'audit',
        sdkKey,
        action: 'settings.changed',
        details: { change: JSON.stringify(request.body) },
      })
      return answer(reply, key)
    },
  )
}

function answer(reply: FastifyReply, key: Key): z.infer<typeof settingsSchema> {
  const settings = describe(key)
  reply.header('etag', tagOf(settings))
  return settings
}

function describe(key: Key): z.infer<typeof settingsSchema> {
  const { agentAnnotation, customerAnnotation, remoteAssist, multiTab, presence, sessionList } = key.features
  return {
    sdk_key: key.sdkKey,
    company: key.company ?? null,
    consent: key.consent,
    features: {
      agent_annotation: agentAnnotation,
      customer_annotation: customerAnnotation,
      remote_assist: remoteAssist,
      multi_tab: multiTab,
      presence,
      session_list: sessionList,
    },
    anonymous: key.anonymous,
    pin_digits: key.pinDigits,
    recording: key.recording,
    recording_days: key.recordingDays,
    allowed_origins: key.allowedOrigins ? [...key.allowedOrigins] : null,
    mask: toBody(key.mask),
  }
}

function changedMeanwhile(): ApiError {
  return new ApiError(412, 412, 'The settings have changed since they were read. Read them again, then change them.')
}

function cannotRecord(): never {
  throw new ApiError(409, 409, 'The server cannot write recordings. Have its administrator look at RECORDINGS_FOLDER.')
}
