import { once } from 'node:events'
import { CUSTOMER_ID, encodeFrame, type PeerMessage, type ServerMessage } from '@alongside/protocol'
import { type ClientOptions, WebSocket } from 'ws'

type Type = ServerMessage['type']
type MessageOf<T extends Type> = Extract<ServerMessage, { type: T }>

/** Enough for whatever the server does meanwhile without the clock: it checks a token, or writes. */
const ROUND_TRIPS = 1_000

/** A participant's end of a real socket. What comes in is kept until it is asked for. */
export class Line {
  readonly socket: WebSocket
  readonly #inbox: (ServerMessage | Buffer)[] = []
  #wake = () => {}
  #closed: number | undefined

  constructor(port: number, options: ClientOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, options)
    this.socket.on('message', (data: Buffer, isBinary) => {
      this.#inbox.push(isBinary ? data : JSON.parse(data.toString()))
      this.#wake()
    })
    this.socket.on('error', () => {})
    this.socket.on('close', (code) => {
      this.#closed = code
      this.#wake()
    })
  }

  static async open(port: number, options?: ClientOptions): Promise<Line> {
    const line = new Line(port, options)
    await once(line.socket, 'open')
    return line
  }

  /** What came in and was not asked for yet. */
  get inbox(): readonly (ServerMessage | Buffer)[] {
    return this.#inbox
  }

  say(message: PeerMessage | Record<string, unknown>): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The next thing that comes in; it must be a message of that type. */
  async expect<T extends Type>(type: T): Promise<MessageOf<T>> {
    const next = await this.next()
    if (next === undefined) throw new Error(`expected ${type}, got the end of the socket (${this.#closed})`)
    if (Buffer.isBuffer(next)) throw new Error(`expected ${type}, got ${next.length} bytes`)
    if (next.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(next)}`)
    return next as MessageOf<T>
  }

  /** As `expect`, but fails when nothing comes within a thousand round trips, rather than wait for ever. Each of them is
   *  a sign of life of this peer. */
  async expectSoon<T extends Type>(type: T): Promise<MessageOf<T>> {
    for (let trips = 0; this.#inbox.length === 0 && this.#closed === undefined; trips++) {
      if (trips === ROUND_TRIPS) throw new Error(`expected ${type}, got nothing`)
      await this.settle()
    }
    return this.expect(type)
  }

  async expectFrame(): Promise<Buffer> {
    const next = await this.next()
    if (!Buffer.isBuffer(next)) throw new Error(`expected a frame, got ${JSON.stringify(next)}`)
    return next
  }

  /** The close code, once everything that came before was asked for. */
  async expectClosed(): Promise<number> {
    const next = await this.next()
    if (next !== undefined) throw new Error(`expected the end of the socket, got ${JSON.stringify(next)}`)
    return this.#closed ?? 0
  }

  /** Says something that means nothing, which proves that the last resume secret has arrived. */
  async prove(): Promise<void> {
    this.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: CUSTOMER_ID, sequence: 1 }))
    await this.settle()
  }

  /** Resolves when the server has handled all that was said before: pings are answered in order. */
  async settle(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return
    this.socket.ping()
    const settled = new AbortController()
    const { signal } = settled
    await Promise.race([once(this.socket, 'pong', { signal }), once(this.socket, 'close', { signal })])
    settled.abort()
  }

  async close(): Promise<void> {
    if (this.#closed !== undefined) return
    this.socket.terminate()
    await once(this.socket, 'close')
  }

  /** What comes in next, whatever it is; undefined at the end of the socket. */
  async next(): Promise<ServerMessage | Buffer | undefined> {
    while (this.#inbox.length === 0 && this.#closed === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#inbox.shift()
  }
}
