import { PROTOCOL_VERSION } from '@alongside/protocol'
import { type ClientOptions, WebSocket } from 'ws'
import { type RunningServer, type ServerOptions, startServer } from '../index.ts'
import { makeKey } from '../key.ts'
import { mintToken } from '../token.ts'
import { Line } from './line.ts'
import { ManualClock } from './manual-clock.ts'

export const SECRET = new TextEncoder().encode('a secret of thirty-two characters')

export const API_SECRET = new TextEncoder().encode('an API secret of thirty-two chars')

export const KEY = { ...makeKey('shop', SECRET), apiKey: 'shop-api', apiSecrets: [API_SECRET] }

const A_DAY_MS = 86_400_000

type TokenOverrides = { userId?: string; userName?: string; enableByop?: 0 | 1; watchOnly?: 1; enableSettings?: 1 }

/** A running server with one key, a clock that stands still, and every line that a test opened to it. */
export class House {
  readonly clock: ManualClock
  server: RunningServer
  readonly #options: ServerOptions
  readonly #lines: Line[] = []
  #agents = 0

  private constructor(server: RunningServer, clock: ManualClock, options: ServerOptions) {
    this.server = server
    this.clock = clock
    this.#options = options
  }

  static async open(options: ServerOptions = {}): Promise<House> {
    const clock = new ManualClock()
    // A jump of the clock over many pings would cut every line, so pings are rare unless a test asks for them.
    const limits = { pingIntervalMs: A_DAY_MS, ...options.limits }
    const all = { keys: [KEY], clock, ...options, limits }
    return new House(await startServer(all), clock, all)
  }

  /** Stops the server and starts another one on the same database, after `awayMs`. */
  async restart(awayMs = 0, changed: ServerOptions = {}): Promise<void> {
    await this.server.close()
    this.#checkEmpty()
    this.clock.advance(awayMs)
    this.server = await startServer({ ...this.#options, ...changed })
  }

  async line(options?: ClientOptions): Promise<Line> {
    const line = await Line.open(this.server.port, options)
    this.#lines.push(line)
    return line
  }

  /** The status and `Retry-After` with which an upgrade is refused. */
  refusedUpgrade(options: ClientOptions = {}): Promise<string> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.server.port}/socket`, options)
    socket.on('error', () => {})
    return new Promise((resolve, reject) => {
      socket.on('open', () => reject(new Error('the upgrade was not refused')))
      socket.on('unexpected-response', (request, { statusCode, headers }) => {
        request.destroy()
        resolve(`${statusCode} ${headers['retry-after']}`)
      })
    })
  }

  token(
    role: 1 | 2,
    { userId = 'c1', userName = 'Cora', enableByop = 0, ...more }: TokenOverrides = {},
  ): Promise<string> {
    return mintToken(KEY, { role, userId, userName, seconds: 1_800, enableByop, ...more }, this.clock)
  }

  /** A customer whose session waits for an agent. */
  async customer(customPinCode?: string) {
    const line = await this.line()
    const token = await this.token(1, { enableByop: customPinCode === undefined ? 0 : 1 })
    line.say({
      type: 'start',
      version: PROTOCOL_VERSION,
      token,
      ...(customPinCode === undefined ? {} : { customPinCode }),
    })
    const started = await line.expect('started')
    return { line, started, pin: (await line.expect('pin')).pin }
  }

  /** Gives a PIN on a new line, without waiting for the answer. */
  async join(pinCode: string, userId = `a${++this.#agents}`): Promise<Line> {
    const line = await this.line()
    const token = await this.token(2, { userId, userName: `Agent ${userId}` })
    line.say({ type: 'join', version: PROTOCOL_VERSION, token, pinCode })
    return line
  }

  /** An agent about whom the customer is being asked. */
  async asked(customer: Line, pinCode: string, userId?: string) {
    const line = await this.join(pinCode, userId)
    const asked = await line.expect('asked')
    await customer.expect('agent_requested')
    return { line, asked }
  }

  /** A customer and an agent who sees the page. */
  async pair() {
    const customer = await this.customer()
    const agent = await this.asked(customer.line, customer.pin)
    customer.line.say({ type: 'consent', participant: agent.asked.participant, granted: true })
    const joined = await agent.line.expect('joined')
    await customer.line.expect('agent_joined')
    return { customer, agent: { ...agent, joined } }
  }

  async resume(sessionId: string, secret: string, options?: ClientOptions): Promise<Line> {
    const line = await this.line(options)
    line.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret })
    return line
  }

  /** Closes all lines and the server, and throws when anything is still open. */
  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()))
    await this.server.close()
    this.#checkEmpty()
  }

  #checkEmpty(): void {
    const left = { ...this.server.counts(), timers: this.clock.pending }
    if (left.sessions || left.sockets || left.assetBytes || left.timers)
      throw new Error(`left open: ${JSON.stringify(left)}`)
  }
}
