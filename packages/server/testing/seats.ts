import { PROTOCOL_VERSION, type ServerMessage } from '@alongside/protocol'
import type { House } from './house.ts'
import type { Line } from './line.ts'

/** Where a peer may stand that says something. */
export const SEATS = [
  'nobody',
  'nobody, after the end',
  'customer, waiting',
  'customer, asked',
  'customer, live',
  'customer, paused',
  'customer, after the end',
  'agent, asked',
  'agent, live',
  'agent, paused',
  'agent, recovering',
  'agent, after the end',
  'watcher, live',
  'colleague, live',
  'helper, live',
  'device',
] as const
export type Seat = (typeof SEATS)[number]

/** One peer in its seat, and who could notice what it does. */
export interface Stage {
  self: Line
  customer?: Line
  agent?: Line
  device?: Line
  /** What its messages name: as right as they can be. */
  known: { pinCode: string; sessionId: string; secret: string; link: string }
}

const version = PROTOCOL_VERSION
const UNKNOWN = { pinCode: '000000', sessionId: 'A'.repeat(22), secret: 'A'.repeat(48), link: 'A'.repeat(43) }

/** A house in which somebody sits there, with a fresh session. */
export async function takeSeat(house: House, seat: Seat): Promise<Stage> {
  const device = await house.line()
  device.say({ type: 'register', version, sdkKey: 'shop', deviceId: 'device-1' })
  await device.next()
  if (seat === 'device') return { self: device, known: UNKNOWN }
  const [role, state] = seat.split(', ')
  const stage = role === 'nobody' ? await stranger(house) : await participant(house, role!, state!)
  if (state === 'paused') {
    stage.customer!.say({ type: 'pause', paused: true })
    await hear(stage.agent!, 'paused')
  } else if (state === 'recovering') {
    await stage.customer!.close()
    await hear(stage.agent!, 'customer_connection')
  }
  if (state === 'after the end') {
    // What it says then was on its way when the session ended.
    if (role !== 'nobody') stage.self.socket.pause()
    stage.customer!.say({ type: 'end' })
    const other = stage.self === stage.agent ? stage.customer! : stage.agent!
    await hear(other, 'ended')
    await other.expectClosed()
  }
  return { ...stage, device }
}

/** A socket that has said nothing, and knows all that a stranger could have heard of a session. */
async function stranger(house: House): Promise<Stage> {
  const { customer, agent } = await house.pair()
  agent.line.say({ type: 'make_link', userName: 'Ben' })
  const made = await hear(agent.line, 'link_made', 'error')
  const link = 'link' in made ? made.link : UNKNOWN.link
  customer.line.say({ type: 'new_pin' })
  const { pin: pinCode } = await hear(customer.line, 'pin')
  const { sessionId, secret } = agent.asked
  const known = { pinCode, sessionId, secret, link }
  return { self: await house.line(), customer: customer.line, agent: agent.line, known }
}

async function participant(house: House, role: string, state: string): Promise<Stage> {
  const { line: customer, started, pin } = await house.customer()
  const { sessionId, secret } = started
  const known = { ...UNKNOWN, sessionId, secret }
  if (state === 'waiting') return { self: customer, customer, known: { ...known, pinCode: pin } }
  const agent = await house.line()
  const token = await house.token(2, { userId: 'a1', userName: 'Ana' })
  if (role === 'colleague') return colleague(house, customer, pin, known)
  agent.say({ type: 'join', version, token, pinCode: pin, ...(role === 'watcher' ? { watchOnly: true } : {}) })
  await hear(agent, 'asked')
  await hear(customer, 'agent_requested')
  const self = role === 'customer' ? customer : agent
  if (state === 'asked') return { self, customer, agent, known }
  await letIn(customer, agent, 2)
  if (role === 'helper') {
    agent.say({ type: 'assist_request', types: ['click'] })
    await agent.settle()
    await customer.settle()
    // Nobody is asked where the key has no remote assist.
    if (customer.inbox.some((one) => 'type' in one && one.type === 'assist_requested')) {
      customer.say({ type: 'assist_answer', participant: 2, types: ['click'] })
      await hear(customer, 'assist_started')
      await hear(agent, 'assist_started')
    }
  }
  return { self, customer, agent, known }
}

/** An agent who came by another one's link, which does not work where the key does not ask about each; there by PIN. */
async function colleague(house: House, customer: Line, pin: string, known: Stage['known']): Promise<Stage> {
  const first = await house.asked(customer, pin, 'first')
  await letIn(customer, first.line, 2)
  first.line.say({ type: 'make_link', userName: 'Ben' })
  const made = await hear(first.line, 'link_made', 'error')
  const agent = await house.line()
  if ('link' in made) agent.say({ type: 'join_link', version, link: made.link })
  else {
    customer.say({ type: 'new_pin' })
    const { pin: pinCode } = await hear(customer, 'pin')
    agent.say({ type: 'join', version, token: await house.token(2, { userId: 'ben', userName: 'Ben' }), pinCode })
  }
  await hear(agent, 'asked')
  await hear(customer, 'agent_requested')
  await letIn(customer, agent, 3)
  await hear(first.line, 'agent_joined')
  return { self: agent, customer, agent: first.line, known }
}

/** The next message of one of the types, whatever comes before it. */
async function hear<Type extends ServerMessage['type']>(line: Line, ...types: Type[]) {
  for (;;) {
    const next = await line.next()
    if (next === undefined) throw new Error(`expected ${types}, got the end of the socket`)
    if ('type' in next && (types as string[]).includes(next.type)) return next as Extract<ServerMessage, { type: Type }>
  }
}

async function letIn(customer: Line, agent: Line, participant: number): Promise<void> {
  customer.say({ type: 'consent', participant, granted: true })
  await hear(agent, 'joined')
  await hear(customer, 'agent_joined')
}
