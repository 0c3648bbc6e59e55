import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { chromium, firefox } from 'playwright'
import { CHROMIUM, FIREFOX } from '../scripts/browsers.ts'

/** Known to the agents' browsers only: a customer's page must name the address, and its own browser must not find it. */
export const HOST = 'attacker.test'

/** Browsers of agents, which find the attacker. */
export const AGENTS = {
  chromium: () =>
    chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, `--host-resolver-rules=MAP ${HOST} 127.0.0.1`] }),
  firefox: () => firefox.launch({ ...FIREFOX, firefoxUserPrefs: { 'network.dns.localDomains': HOST } }),
} as const

/** Listens where the hostile page wants the agent's browser to call: an HTTP server, and bare listeners for those who
 *  only connect. */
export class Attacker {
  readonly requests: string[] = []
  /** Names of the listeners that somebody connected to. */
  readonly connected: string[] = []
  connections = 0
  readonly #server: Server
  readonly #listeners = new Map<string, TcpServer>()

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(request.url ?? '')
      // What scripts ask for with CORS is given too.
      response.setHeader('access-control-allow-origin', '*')
      response.end()
    })
    this.#server.on('connection', () => this.connections++)
  }

  static async open(listeners: readonly string[] = []): Promise<Attacker> {
    const attacker = new Attacker()
    await listen(attacker.#server)
    for (const name of listeners) {
      const listener = createTcpServer((socket) => {
        attacker.connected.push(name)
        socket.on('error', () => {}).destroy()
      })
      attacker.#listeners.set(name, listener)
      await listen(listener)
    }
    return attacker
  }

  get url(): string {
    return `http://${this.host}/`
  }

  get host(): string {
    return `${HOST}:${(this.#server.address() as AddressInfo).port}`
  }

  /** The address of a bare listener. */
  listener(name: string): string {
    return `http://${HOST}:${(this.#listeners.get(name)!.address() as AddressInfo).port}/`
  }

  forget(): void {
    this.requests.length = 0
    this.connected.length = 0
    this.connections = 0
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    for (const listener of this.#listeners.values()) listener.close()
  }
}

function listen(server: TcpServer): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}
