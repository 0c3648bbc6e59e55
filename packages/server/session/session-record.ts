import { z } from 'zod'
import type { AgentState } from './agent-state.ts'
import { tabsRecord } from './customer-tabs.ts'
import { recordingRecord } from './session-recording.ts'
import type { SessionState } from './session-state.ts'

const until = z.number()
const participant = z.int().min(2)
const asked = z.object({ name: z.literal('asked'), until })
const live = z.object({ name: z.literal('live') })
const resume = z.object({ oldest: z.int().min(0), failures: z.int().min(0) })

const agent = z.object({
  participant,
  userId: z.string(),
  userName: z.string(),
  watchOnly: z.literal(true).exactOptional(),
  invitedBy: z.string().exactOptional(),
  resume,
  state: z.discriminatedUnion('name', [
    asked,
    live,
    z.object({
      name: z.literal('lost'),
      was: z.discriminatedUnion('name', [asked, live]),
      until,
      reason: z.enum(['connection_lost', 'too_slow']),
    }),
  ]) satisfies z.ZodType<AgentState>,
})

/** All that a server which starts again must know of a session to take it up. Nothing of the page is in it, and no
 *  secret. Times are ms since the epoch. */
export const sessionRecord = z.object({
  id: z.string(),
  sdkKey: z.string(),
  /** The customer, as its token named it. */
  userId: z.string(),
  userName: z.string(),
  ownPin: z.string().optional(),
  /** Where a customer without a token started from. */
  address: z.string().optional(),
  /** The PIN that leads to the session now. */
  pin: z.object({ pin: z.string(), expiresAt: z.number() }).optional(),
  startTime: z.number(),
  state: z.discriminatedUnion('name', [
    z.object({ name: z.literal('waiting'), until }),
    live,
    z.object({ name: z.literal('recovering'), until, waitUntil: z.number() }),
  ]) satisfies z.ZodType<SessionState>,
  paused: z.boolean(),
  called: z.boolean(),
  tabs: tabsRecord,
  resume,
  /** Of the sites that the session was handed to, by their origins. */
  sites: z.array(z.tuple([z.string(), resume])).default([]),
  nextParticipant: participant,
  agents: z.array(agent),
  recording: recordingRecord.default({ state: 'off' }),
})

export type SessionRecord = z.infer<typeof sessionRecord>
export type AgentRecord = SessionRecord['agents'][number]
