import { encodeFrame, type FrameKind, PROTOCOL_VERSION } from '../../packages/protocol/index.ts'
import { systemClock } from '../../packages/server/clock.ts'
import { makeKey } from '../../packages/server/key.ts'
import { Line } from '../../packages/server/testing/line.ts'
import { mintToken } from '../../packages/server/token.ts'

const SECRET = 'thirty-two characters of a bench'

/** For the environment of the server. */
export const KEYS = JSON.stringify([{ sdkKey: 'bench', sdkSecret: SECRET }])

const KEY = makeKey('bench', new TextEncoder().encode(SECRET))
const version = PROTOCOL_VERSION

/** Where somebody comes from: the port of the server, and an address of this machine for the limits of addresses. */
export interface From {
  port: number
  localAddress: string
}

export function makeToken(role: 1 | 2, userId = 'somebody'): Promise<string> {
  return mintToken(KEY, { role, userId, userName: userId, seconds: 1_800, enableByop: 0 }, systemClock)
}

/** A customer whose session waits for an agent. */
export async function openCustomer({ port, localAddress }: From) {
  const line = await Line.open(port, { localAddress })
  line.say({ type: 'start', version, token: await makeToken(1) })
  const { assets } = await line.expect('started')
  return { line, assets, pin: (await line.expect('pin')).pin }
}

/** A customer and an agent who sees the page. */
export async function openPair(from: From) {
  const { line: customer, assets, pin } = await openCustomer(from)
  const agent = await Line.open(from.port, { localAddress: from.localAddress })
  agent.say({ type: 'join', version, token: await makeToken(2, `agent${pin}`), pinCode: pin })
  const { participant } = await agent.expect('asked')
  await customer.expect('agent_requested')
  customer.say({ type: 'consent', participant, granted: true })
  await agent.expect('joined')
  await customer.expect('agent_joined')
  return { customer, agent, assets, participant }
}

export function frame(peer: number, payload: Uint8Array, kind: FrameKind = 'content'): Uint8Array {
  return encodeFrame({ kind, flags: 0, peer, sequence: 1 }, payload)
}
