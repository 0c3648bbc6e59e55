import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type ActionFrame,
  decodeHeader,
  encodeFrame,
  type FrameHeader,
  type FrameKind,
  HEADER_BYTES,
  type ResultFrame,
} from '@alongside/protocol'
import { type WebSocket, WebSocketServer } from 'ws'

type Message = { type: string } & Record<string, unknown>
type Frame = FrameHeader & { payload: Buffer }

/** A server that has been taken over: it serves the product's own files, and says on the socket what it likes. */
export class HostileRelay {
  /** What came from the page that connected last: a customer's or a desk. */
  messages: Message[] = []
  frames: Frame[] = []
  readonly #http: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  #line: WebSocket | undefined
  #page = ''

  /** Passes requests on to a real server, but for `/`: that is a page of the customer's site. */
  private constructor(origin: string) {
    this.#http = createServer(async (request, response) => {
      if (request.url === '/') {
        response.setHeader('content-type', 'text/html')
        return response.end(this.#page)
      }
      if (request.method !== 'GET') return response.writeHead(204).end()
      const answer = await fetch(origin + request.url)
      // Policies too: they are of the product's files. What tells of the transfer is of another one.
      const headers = [...answer.headers].filter(
        ([name]) => !/^(content-(encoding|length)|connection|keep-alive)$/.test(name),
      )
      response.writeHead(answer.status, Object.fromEntries(headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
    this.#http.on('upgrade', (request, stream, head) =>
      this.#sockets.handleUpgrade(request, stream, head, (line) => this.#take(line)),
    )
  }

  static async open(origin: string): Promise<HostileRelay> {
    const relay = new HostileRelay(origin)
    await new Promise<void>((resolve) => relay.#http.listen(0, '127.0.0.1', resolve))
    return relay
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  /** What `/` answers. */
  show(page: string): void {
    this.#page = page
  }

  say(message: object): void {
    this.#line?.send(JSON.stringify(message))
  }

  sayRaw(data: string | Uint8Array): void {
    this.#line?.send(data)
  }

  /** A frame as if it came from that participant. */
  frame(kind: FrameKind, from: number, sequence = 0, payload?: unknown): void {
    const bytes = payload === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(payload))
    this.sayRaw(encodeFrame({ kind, flags: 0, peer: from, sequence }, bytes))
  }

  act(from: number, action: ActionFrame): void {
    this.frame('action', from, 0, action)
  }

  /** The frames of a kind that the page addressed to a participant. */
  to(peer: number, kind: FrameKind): Frame[] {
    return this.frames.filter((frame) => frame.peer === peer && frame.kind === kind)
  }

  /** What the page answered to actions, in order. */
  results(peer: number): Extract<ResultFrame, { id: number }>[] {
    const said = this.to(peer, 'result').map(({ payload }) => JSON.parse(payload.toString()) as ResultFrame)
    return said.filter((one) => 'id' in one)
  }

  /** Which copy the page says that actions must be of, and its clock. */
  copy(peer: number): { page: number; clock: number } | undefined {
    const said = this.to(peer, 'result').map(({ payload }) => JSON.parse(payload.toString()) as ResultFrame)
    return said.findLast((one) => 'page' in one)
  }

  heard(type: string): Message[] {
    return this.messages.filter((message) => message.type === type)
  }

  close(): void {
    for (const line of this.#sockets.clients) line.terminate()
    this.#http.close()
    this.#http.closeAllConnections()
  }

  #take(line: WebSocket): void {
    this.#line = line
    this.messages = []
    this.frames = []
    line.on('error', () => {})
    line.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return void this.messages.push(JSON.parse(data.toString()))
      const header = decodeHeader(data)
      if (header) this.frames.push({ ...header, payload: data.subarray(HEADER_BYTES) })
    })
  }
}
