import {
  AGENT_WAIT_MS,
  HELLO_TIMEOUT_MS,
  MAX_AGENTS,
  MAX_BUFFERED_BYTES,
  MAX_FAILED_RESUMES,
  PIN_LIFETIME_MS,
  PING_INTERVAL_MS,
  RECOVERY_WINDOW_MS,
} from '@alongside/protocol'
import { z } from 'zod'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MIB = 1024 * 1024

const whole = (min: number, max: number, standard: number) => z.int().min(min).max(max).default(standard)

/** Failed tries of a PIN before the next one is refused with 1102. */
const attempts = z.strictObject({
  /** One agent: slips of the finger that cost nothing. Each further one doubles the wait. */
  perAgent: whole(1, 1_000, 5),
  /** The same while the failures of the agent's key run high: less, but never none. */
  perAgentUnderPressure: whole(1, 1_000, 2),
  /** How long an agent waits at first, and at most. */
  waitMs: whole(1, HOUR, 10 * SECOND),
  maxWaitMs: whole(1, DAY, 4 * HOUR),
  /** After how long one of an agent's failures is forgotten: a working day has room for a slip in two dozen codes. */
  forgetMs: whole(SECOND, 7 * DAY, 4 * HOUR),
  /** One address of a key within `windowMs`: a call centre behind one router. */
  perAddress: whole(1, 100_000, 150),
  /** One key within `windowMs`; beyond it those who fail again wait longer, and nobody else. */
  perKey: whole(1, 1_000_000, 300),
  windowMs: whole(MINUTE, DAY, 15 * MINUTE),
})

/** Calls of agents to devices within `windowMs`: each puts a question on a customer's screen. */
const calls = z.strictObject({
  perAgent: whole(1, 10_000, 60),
  perAddress: whole(1, 1_000_000, 600),
  perKey: whole(1, 10_000_000, 6_000),
  windowMs: whole(MINUTE, DAY, 15 * MINUTE),
})

/** Customers without a token, who need no more than the public SDK key. */
const presence = z.strictObject({
  /** Pages in the background from one address: an office or a mobile network behind one router. */
  perAddress: whole(1, 1_000_000, 500),
  /** Devices of one key. */
  perKey: whole(1, 1_000_000, 20_000),
  /** Sessions without a token from one address. */
  sessionsPerAddress: whole(1, 100_000, 50),
  /** The same within 15 minutes: each is written down and kept for months. */
  startsPerAddress: whole(1, 1_000_000, 600),
})

/** Requests within a minute before the next one is refused with 429. */
const http = z.strictObject({
  /** REST, of one key. */
  apiPerKey: whole(1, 1_000_000, 600),
  /** REST without a valid token, of one address. */
  refusedPerAddress: whole(1, 1_000_000, 60),
  /** The desk and development's tokens, of one address: a call centre behind one router. */
  pagesPerAddress: whole(1, 1_000_000, 600),
  /** Scripts and all other files, of one address: the customers of a whole company behind one. */
  filesPerAddress: whole(1, 10_000_000, 6_000),
})

/** WebSockets of one address: a call centre behind one router, each of its agents and customers with one or two. */
const sockets = z.strictObject({
  /** In all. */
  perAddress: whole(1, 1_000_000, 5_000),
  /** That have not said who they are: a moment's matter for an honest one, also when a server comes back to many. */
  silentPerAddress: whole(1, 1_000_000, 500),
  /** Opened within a minute: all of an address come back at once after a restart. */
  opensPerAddress: whole(1, 1_000_000, 6_000),
  /** Bytes of frames that have begun and are not whole: dozens of customers who send their first picture at once. */
  partialBytesPerAddress: whole(MIB, 1024 * 1024 * MIB, 128 * MIB),
})

/** The times and sizes that an administrator or a test may set otherwise. */
export const limitsSchema = z.strictObject({
  maxAgents: whole(1, 20, MAX_AGENTS),
  maxFailedResumes: whole(1, 10, MAX_FAILED_RESUMES),
  pinLifetimeMs: whole(MINUTE, DAY, PIN_LIFETIME_MS),
  /** For keys with `pinDigits: "auto"`: how many possible PINs there must be for each live one. A try then finds one with
   *  a chance of 1 in so many. */
  pinsPerLive: whole(10, 1_000_000, 10_000),
  recoveryWindowMs: whole(5 * SECOND, HOUR, RECOVERY_WINDOW_MS),
  agentWaitMs: whole(10 * SECOND, HOUR, AGENT_WAIT_MS),
  /** How long the head of an HTTP request may take, and a connection that says nothing. */
  headersTimeoutMs: whole(SECOND, 5 * MINUTE, 10 * SECOND),
  helloTimeoutMs: whole(SECOND, 5 * MINUTE, HELLO_TIMEOUT_MS),
  pingIntervalMs: whole(SECOND, 5 * MINUTE, PING_INTERVAL_MS),
  /** Bytes that wait for one receiver before it is cut off. */
  maxBufferedBytes: whole(MIB, 1024 * MIB, MAX_BUFFERED_BYTES),
  /** Pictures and fonts of all sessions together, in bytes: what the server's memory has room for. */
  maxAssetBytes: whole(0, 1024 * 1024 * MIB, 1024 * MIB),
  /** Bytes of one recording: a day of a busy page. */
  maxRecordingBytes: whole(MIB, 1024 * 1024 * MIB, 1024 * MIB),
  /** Shortest life of a token, `exp` - `iat`. */
  minTokenSeconds: whole(1, 172_800, 1_800),
  /** Open sessions that tokens of one key began from one address. */
  sessionsPerAddress: whole(1, 1_000_000, 2_000),
  attempts: attempts.prefault({}),
  calls: calls.prefault({}),
  sockets: sockets.prefault({}),
  presence: presence.prefault({}),
  http: http.prefault({}),
})

export type ServerLimits = z.infer<typeof limitsSchema>
export type AttemptLimits = ServerLimits['attempts']
export type PresenceLimits = ServerLimits['presence']

export const DEFAULT_LIMITS: ServerLimits = limitsSchema.parse({})
