import {
  type AgentInfo,
  ASSIST_TYPES,
  type AssistRejectReason,
  type AssistType,
  BROWSER_KINDS,
  type BrowserInfo,
  cleanText,
  isErrorCode,
  type TabInfo,
  type ToAgent,
  type Whereabouts,
} from '@alongside/protocol'

/** Agents and tabs of a session that are taken in: the most that a server can be set to. */
export const MAX_LISTED = 20

/** Characters of a name, as tokens may have them. */
const MAX_NAME = 80

/** Characters of ids, secrets, tickets and links: a guest's id has two in it, and a character may count as two. */
const MAX_ID = 400

/** Characters of a host (RFC 1035). */
const MAX_SITE = 253

/** The last moment that a `Date` knows (ECMA-262). */
const MAX_TIME = 8.64e15

/** Nobody waits longer for another try. */
const MAX_WAIT_S = 24 * 60 * 60

type Said = Record<string, unknown>
type Told<Type extends ToAgent['type']> = Omit<Extract<ToAgent, { type: Type }>, 'type'>

class Malformed extends Error {}

/** Reads what the server said to an agent. Undefined for what a newer server may say, and for what has not the form of the
 *  protocol: a server may have been taken over. Names are fit to be shown and lists of a bounded length. */
export function readToAgent(said: { type: string }): ToAgent | undefined {
  if (!isKnown(said.type)) return undefined
  try {
    return { type: said.type, ...READERS[said.type](said) } as ToAgent
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

/** A new message does not compile until it is here. */
const READERS: { [Type in ToAgent['type']]: (said: Said) => Told<Type> } = {
  asked: (said) => ({
    sessionId: readId(said.sessionId),
    participant: readParticipant(said.participant),
    secret: readId(said.secret),
    customerName: readName(said.customerName),
    ...flag('watchOnly', said),
  }),
  joined: (said) => ({
    startTime: readTime(said.startTime),
    agents: readList(said.agents, readAgent),
    assets: readTicket(said.assets),
    ...readWhereabouts(said),
  }),
  link_made: ({ link, expiresAt }) => ({ link: readTicket(link), expiresAt: readTime(expiresAt) }),
  resumed: (said) => ({
    secret: readId(said.secret),
    state: said.state === 'live' ? 'live' : 'asked',
    ...flag('watchOnly', said),
    ...optional('startTime', said, readTime),
    ...optional('agents', said, (list) => readList(list, readAgent)),
    ...optional('assets', said, readTicket),
    ...readWhereabouts(said),
  }),
  agent_joined: readAgent,
  agent_left: (said) => ({ ...readAgent(said), reason: readWord(said.reason, 'left') }),
  agent_connection: ({ participant, connected }) => ({
    participant: readParticipant(participant),
    connected: readBoolean(connected),
  }),
  paused: ({ paused }) => ({ paused: readBoolean(paused) }),
  customer_connection: (said) => ({
    connected: readBoolean(said.connected),
    ...flag('left', said),
    ...readWhereabouts(said),
  }),
  customer_focus: ({ focused }) => ({ focused: readBoolean(focused) }),
  customer_transferred: ({ tab, tabs }) => ({ tab: readCount(tab), tabs: readList(tabs, readTab) }),
  assist_started: ({ participant, types }) => ({ participant: readParticipant(participant), types: readTypes(types) }),
  assist_stopped: ({ participant, reason }) => ({
    participant: readParticipant(participant),
    reason: readWord(reason, 'released'),
  }),
  assist_rejected: ({ participant, reason }) => ({
    participant: readParticipant(participant),
    reason: REJECT_REASONS.find((one) => one === reason) ?? 'unavailable',
  }),
  recording: ({ recorded }) => ({ recorded: readBoolean(recorded) }),
  ended: ({ reason }) => ({ reason: readWord(reason, 'failed') }),
  // The code of a newer server is a fault without a name.
  error: ({ code, retryAfter }) => ({
    code: isErrorCode(code) ? code : 9999,
    ...(isWithin(retryAfter, MAX_WAIT_S) ? { retryAfter: Math.ceil(retryAfter) } : {}),
  }),
}

const REJECT_REASONS: readonly AssistRejectReason[] = ['off', 'declined', 'taken', 'unavailable', 'too_often']

function isKnown(type: string): type is ToAgent['type'] {
  return Object.hasOwn(READERS, type)
}

function isWithin(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= max
}

function readTime(value: unknown): number {
  if (!isWithin(value, MAX_TIME)) throw new Malformed()
  return value
}

function readCount(value: unknown): number {
  if (!isWithin(value, 2 ** 32) || !Number.isInteger(value)) throw new Malformed()
  return value
}

/** As large as the header of a frame has room for. */
function readParticipant(value: unknown): number {
  const participant = readCount(value)
  if (participant > 0xffff) throw new Malformed()
  return participant
}

function readBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Malformed()
  return value
}

function readId(value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID) throw new Malformed()
  return value
}

/** It becomes a part of an address, so it must not be able to lead elsewhere. */
function readTicket(value: unknown): string {
  if (typeof value !== 'string' || !/^[\w-]*$/.test(value) || value.length > MAX_ID) throw new Malformed()
  return value
}

function readText(value: unknown, max: number): string {
  if (typeof value !== 'string') throw new Malformed()
  return [...cleanText(value.slice(0, 4 * max))].slice(0, max).join('')
}

const readName = (value: unknown): string => readText(value, MAX_NAME)

/** A reason that only a newer server knows is still one. */
function readWord<Word extends string>(value: unknown, otherwise: Word): Word {
  return typeof value === 'string' && /^[a-z_]{1,40}$/.test(value) ? (value as Word) : otherwise
}

function readList<Item>(value: unknown, read: (said: Said) => Item): Item[] {
  if (!Array.isArray(value)) throw new Malformed()
  return value.slice(0, MAX_LISTED).map((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw new Malformed()
    return read(item as Said)
  })
}

function readAgent(said: Said): AgentInfo {
  return {
    participant: readParticipant(said.participant),
    userId: readId(said.userId),
    userName: readName(said.userName),
    ...flag('watchOnly', said),
    ...optional('invitedBy', said, readName),
  }
}

const readTab = ({ tab, site }: Said): TabInfo => ({ tab: readCount(tab), site: readText(site, MAX_SITE) })

function readWhereabouts(said: Said): Whereabouts {
  return {
    ...optional('site', said, (site) => readText(site, MAX_SITE)),
    ...optional('browser', said, readBrowser),
  }
}

/** A kind that only a newer server knows is left out. */
function readBrowser(value: unknown): BrowserInfo {
  if (typeof value !== 'object' || value === null) throw new Malformed()
  const said = value as Said
  const kind = BROWSER_KINDS.find((one) => one === said.kind)
  return { ...optional('name', said, readName), ...optional('os', said, readName), ...(kind ? { kind } : {}) }
}

function readTypes(value: unknown): AssistType[] {
  if (!Array.isArray(value)) throw new Malformed()
  return ASSIST_TYPES.filter((type) => value.includes(type))
}

function flag<Name extends string>(name: Name, said: Said): { [Key in Name]?: true } {
  return (said[name] === true ? { [name]: true } : {}) as { [Key in Name]?: true }
}

function optional<Name extends string, Value>(
  name: Name,
  said: Said,
  read: (value: unknown) => Value,
): { [Key in Name]?: Value } {
  return (said[name] === undefined ? {} : { [name]: read(said[name]) }) as { [Key in Name]?: Value }
}
