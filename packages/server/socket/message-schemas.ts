import { type AgentMessage, ASSIST_TYPES, type CustomerMessage, type DeviceMessage } from '@alongside/protocol'
import { z } from 'zod'
import { customDataSchema } from '../presence/custom-data.ts'
import { userIdSchema, userNameSchema } from '../shown-name.ts'
import { isOrigin } from './allowed-origin.ts'

/** One schema per message of a union: a message without a schema, or a schema without its message, does not compile. */
type SchemasOf<Message extends { type: string }> = {
  [Type in Message['type']]: z.ZodType<Extract<Message, { type: Type }>>
}

const version = z.int()
// Neither is bounded here but by the size of the message: one that is too long gets 2001 or 1008 like other bad ones.
const token = z.string()
const participant = z.int().min(2).max(65_535)

// A person may type spaces and hyphens between the digits; `normalizePin` judges what remains.
const pin = z.string()

// A UUID, or whatever else a page calls its tab.
const tab = z.string().regex(/^[A-Za-z0-9_-]{1,36}$/)

const sessionId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

const watchOnly = z.literal(true).exactOptional()

const resume = z.strictObject({
  type: z.literal('resume'),
  version,
  sessionId,
  // A resume secret, or the token of a hand-off.
  secret: z.string().regex(/^(?:[A-Za-z0-9_-]{48}|[A-Za-z0-9_-]{43})$/),
  tab: tab.exactOptional(),
})

const end = z.strictObject({ type: z.literal('end') })

const sdkKey = z.string().max(64)
const deviceId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)
const invitation = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const customData = customDataSchema
const assistTypes = z.array(z.enum(ASSIST_TYPES)).max(ASSIST_TYPES.length)

export const customerMessages = {
  start: z.strictObject({
    type: z.literal('start'),
    version,
    token,
    customPinCode: pin.exactOptional(),
    tab: tab.exactOptional(),
  }),
  start_device: z.strictObject({
    type: z.literal('start_device'),
    version,
    sdkKey,
    deviceId,
    customData: customData.exactOptional(),
    invitation: invitation.exactOptional(),
    tab: tab.exactOptional(),
  }),
  resume,
  consent: z.strictObject({ type: z.literal('consent'), participant, granted: z.boolean() }),
  new_pin: z.strictObject({ type: z.literal('new_pin') }),
  pause: z.strictObject({ type: z.literal('pause'), paused: z.boolean() }),
  focus: z.strictObject({ type: z.literal('focus'), focused: z.boolean() }),
  hand_off: z.strictObject({ type: z.literal('hand_off'), origin: z.string().refine(isOrigin) }),
  assist_answer: z.strictObject({ type: z.literal('assist_answer'), participant, types: assistTypes }),
  assist_stop: z.strictObject({ type: z.literal('assist_stop'), off: z.literal(true).exactOptional() }),
  end,
} satisfies SchemasOf<CustomerMessage>

export const agentMessages = {
  join: z.strictObject({ type: z.literal('join'), version, token, pinCode: pin, watchOnly }),
  join_link: z.strictObject({ type: z.literal('join_link'), version, link: z.string().max(64), watchOnly }),
  call: z.strictObject({ type: z.literal('call'), version, token, deviceId, watchOnly }),
  join_session: z.strictObject({ type: z.literal('join_session'), version, token, sessionId, watchOnly }),
  resume,
  leave: z.strictObject({ type: z.literal('leave') }),
  make_link: z.strictObject({
    type: z.literal('make_link'),
    userName: userNameSchema,
    userId: userIdSchema.exactOptional(),
    watchOnly,
  }),
  assist_request: z.strictObject({ type: z.literal('assist_request'), types: assistTypes.min(1) }),
  assist_release: z.strictObject({ type: z.literal('assist_release') }),
  assist_pass: z.strictObject({ type: z.literal('assist_pass'), participant }),
  end,
} satisfies SchemasOf<AgentMessage>

export const deviceMessages = {
  register: z.strictObject({
    type: z.literal('register'),
    version,
    sdkKey,
    deviceId,
    customData: customData.exactOptional(),
  }),
  update: z.strictObject({ type: z.literal('update'), customData }),
  focus: z.strictObject({ type: z.literal('focus') }),
  busy: z.strictObject({ type: z.literal('busy'), invitation }),
} satisfies SchemasOf<DeviceMessage>

export const firstMessage = z.discriminatedUnion('type', [
  customerMessages.start,
  customerMessages.start_device,
  agentMessages.join,
  agentMessages.join_link,
  agentMessages.call,
  agentMessages.join_session,
  deviceMessages.register,
  resume,
])
export type FirstMessage = z.infer<typeof firstMessage>

const { start: _start, start_device: _device, resume: _resume, ...afterStart } = customerMessages
const {
  join: _join,
  join_link: _link,
  call: _call,
  join_session: _session,
  resume: _resume2,
  ...afterJoin
} = agentMessages

/** What a customer may say once its session runs. */
export const laterCustomerMessage = z.discriminatedUnion('type', [
  afterStart.consent,
  afterStart.new_pin,
  afterStart.pause,
  afterStart.focus,
  afterStart.hand_off,
  afterStart.assist_answer,
  afterStart.assist_stop,
  afterStart.end,
])

/** What an agent may say once it is asked about or in. */
export const laterAgentMessage = z.discriminatedUnion('type', [
  afterJoin.leave,
  afterJoin.make_link,
  afterJoin.assist_request,
  afterJoin.assist_release,
  afterJoin.assist_pass,
  afterJoin.end,
])

/** What a page in the background may say once it is registered. */
export const laterDeviceMessage = z.discriminatedUnion('type', [
  deviceMessages.update,
  deviceMessages.focus,
  deviceMessages.busy,
])

/** The version that a first message claims, in whatever shape that version has. */
export const anyVersion = z.object({
  type: z.enum(['start', 'start_device', 'join', 'join_link', 'call', 'join_session', 'register', 'resume']),
  version: z.int(),
})
