import {
  AGENT_WAIT_MS,
  HELLO_TIMEOUT_MS,
  PIN_LIFETIME_MS,
  PING_INTERVAL_MS,
  PROTOCOL_VERSION,
  RECOVERY_WINDOW_MS,
} from '@alongside/protocol'
import { expect, test } from 'vitest'
import type { ServerLimits } from '../limits.ts'
import { House } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

interface Timer {
  what: string
  limit: { [Name in keyof ServerLimits]: ServerLimits[Name] extends number ? Name : never }[keyof ServerLimits]
  ms: number
  /** Brings a house to where the time begins; answers who is told at its end. */
  begin(house: House, ms: number): Promise<Line>
  /** What it is told: a message, or the code that its socket closes with. */
  end: object | number
}

const TIMERS: Timer[] = [
  {
    what: 'a PIN that no agent gave, and its session',
    limit: 'pinLifetimeMs',
    ms: PIN_LIFETIME_MS,
    begin: async (house) => (await house.customer()).line,
    end: { type: 'ended', reason: 'expired' },
  },
  {
    what: 'a session that its last agent has left',
    limit: 'pinLifetimeMs',
    ms: PIN_LIFETIME_MS,
    async begin(house) {
      const { customer, agent } = await house.pair()
      agent.line.say({ type: 'leave' })
      await customer.line.expect('agent_left')
      return customer.line
    },
    end: { type: 'ended', reason: 'expired' },
  },
  {
    what: 'an agent that waits for the answer',
    limit: 'agentWaitMs',
    ms: AGENT_WAIT_MS,
    async begin(house) {
      const { line, pin } = await house.customer()
      return (await house.asked(line, pin)).line
    },
    end: { type: 'error', code: 1101 },
  },
  {
    what: 'a customer who is away',
    limit: 'recoveryWindowMs',
    ms: RECOVERY_WINDOW_MS,
    async begin(house) {
      const { customer, agent } = await house.pair()
      await customer.line.close()
      await agent.line.expect('customer_connection')
      return agent.line
    },
    end: { type: 'ended', reason: 'connection_lost' },
  },
  {
    what: 'an agent that is away',
    limit: 'recoveryWindowMs',
    ms: RECOVERY_WINDOW_MS,
    async begin(house) {
      const { customer, agent } = await house.pair()
      await agent.line.close()
      await customer.line.expect('agent_connection')
      return customer.line
    },
    end: { type: 'agent_left', reason: 'connection_lost' },
  },
  {
    what: 'a socket that does not say who it is',
    limit: 'helloTimeoutMs',
    ms: HELLO_TIMEOUT_MS,
    begin: (house) => house.line(),
    end: { type: 'error', code: 1105 },
  },
  {
    what: 'a socket that answered nothing since the last ping',
    limit: 'pingIntervalMs',
    ms: PING_INTERVAL_MS,
    async begin(house, ms) {
      const line = await house.line({ autoPong: false })
      line.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) })
      await line.expect('started')
      await line.expect('pin')
      house.clock.advance(ms)
      return line
    },
    end: 1006,
  },
]

const CASES = TIMERS.flatMap((timer) =>
  [timer, { ...timer, ms: timer.ms / 2 }].map((one) => [one.what, one.ms, one] as const),
)

test.each(CASES)('SES-144 %s: %i ms', async (_what, ms, { limit, begin, end }) => {
  const house = await House.open({ limits: { [limit]: ms } })
  const line = await begin(house, ms)
  await line.settle()
  house.clock.advance(ms - 1)
  await line.settle()
  expect(line.inbox).toEqual([])
  house.clock.advance(1)
  if (typeof end === 'number') expect(await line.expectClosed()).toBe(end)
  else expect(await line.next()).toMatchObject(end)
  await house.close()
})
