import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { AlongsideError, MAX_FRAME_BYTES } from '@alongside/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../clock.ts'
import type { ClientAddresses } from '../http/client-address.ts'
import type { ServerLimits } from '../limits.ts'
import { A_MINUTE_MS, Quota } from '../quota.ts'
import { readOrigin } from './allowed-origin.ts'
import { readBrowser } from './browser-name.ts'
import { CLOSE, Connection } from './connection.ts'
import { Peer, type PeerContext } from './peer.ts'
import { limitBytes } from './received-bytes.ts'
import { type Place, SocketPlaces } from './socket-places.ts'
import { throttle } from './throttle.ts'

/** How long a socket may take to answer a close before it is cut. */
const CLOSE_TIMEOUT_MS = 2_000

// Not written in place: the declarations of ws do not know `closeTimeout` and those behind it yet.
const WEBSOCKET_OPTIONS = {
  noServer: true,
  perMessageDeflate: false,
  // One message of a socket in a turn: those of others come between, however many a peer packs into one write.
  allowSynchronousEvents: false,
  maxPayload: MAX_FRAME_BYTES,
  closeTimeout: CLOSE_TIMEOUT_MS,
  // Answers that nobody reads.
  maxPendingAutoPongs: 60,
  // A browser sends a message in one fragment or, when large, in some dozen of them.
  maxFragments: 1_024,
  maxBufferedChunks: 16_384,
}

/** Sockets that are opened in one turn of the event loop: those of others are read between, however many came at once. */
const UPGRADES_IN_A_TURN = 4

/** PINs that a customer may ask for within `NEW_PINS_MS`: more than anybody reads aloud on a bad line. */
const NEW_PINS = 20
const NEW_PINS_MS = 5 * 60_000

interface SocketOptions extends Omit<PeerContext, 'newPins'> {
  server: Server
  addresses: ClientAddresses
  clock: Clock
  limits: ServerLimits
}

/** The WebSocket door at `/socket`. */
export interface SocketDoor {
  /** Sockets that are open, admitted or not. */
  readonly size: number
  /** Closes every socket with 1001 and resolves when all are gone. */
  close(): Promise<void>
}

export function openSocketDoor({ server, addresses, clock, limits, ...context }: SocketOptions): SocketDoor {
  const { log, metrics } = context
  const newPins = new Quota(clock, NEW_PINS, NEW_PINS_MS)
  const sockets = new WebSocketServer(WEBSOCKET_OPTIONS)
  const told = new Quota(clock, 1, A_MINUTE_MS)
  const places = new SocketPlaces(limits.sockets, clock)
  // A socket that says nothing is gone by then.
  const retryAfter = Math.ceil(limits.helloTimeoutMs / 1000)

  let isClosing = false

  const upgrades: (() => void)[] = []
  const doSome = () => {
    for (const run of upgrades.splice(0, UPGRADES_IN_A_TURN)) run()
    if (upgrades.length) setImmediate(doSome)
  }

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    destroyOnError(stream)
    upgrades.push(() => upgrade(request, stream, head))
    if (upgrades.length === 1) setImmediate(doSome)
  }

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (stream.destroyed) return
    if (request.url?.split('?')[0] !== '/socket') {
      return refuseUpgrade(stream, '404 Not Found')
    }
    if (isClosing) return refuseUpgrade(stream, '503 Service Unavailable')
    const place = places.take(addresses.of(request))
    if (!place) {
      metrics.refusals.inc({ code: 1102 })
      // Once a minute: a line for each would fill the disk, and take the time of those who are served.
      if (told.spend('refused') === undefined) log.info({ event: 'sockets refused', code: 1102 })
      return refuseUpgrade(stream, `429 Too Many Requests\r\nretry-after: ${retryAfter}`)
    }
    stream.on('close', place.leave)
    sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, request, place))
  }

  const serve = (socket: WebSocket, request: IncomingMessage, place: Place) => {
    socket.once('message', place.heard)
    const address = addresses.of(request)
    const { headers } = request
    const [origin, browser] = [readOrigin(headers), readBrowser(headers['user-agent'])]
    const connection = new Connection({ socket, address, origin, browser, maxBufferedBytes: limits.maxBufferedBytes })
    const peer = new Peer(connection, { ...context, clock, newPins })
    const cancelHello = clock.after(limits.helloTimeoutMs, () => {
      if (peer.silent) peer.refuse(new AlongsideError(1105))
    })
    const stopPings = keepAlive(socket, clock, limits.pingIntervalMs)
    throttle(request.socket, socket, clock)
    const forgetBytes = limitBytes(request.socket, socket, peer, place)
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer
      forgetBytes()
      if (isBinary) peer.receiveBinary(bytes)
      else peer.receiveText(bytes.toString())
    })
    socket.on('ping', () => peer.receivePing())
    socket.on('pong', () => {
      peer.receivePing()
      if (peer.registered) forgetBytes()
    })
    // ws closes the socket itself, with 1009 for an oversized message; `close` follows.
    socket.on('error', (error) => log.info({ event: 'socket error', code: (error as NodeJS.ErrnoException).code }))
    socket.on('close', (code) => {
      cancelHello()
      stopPings()
      connection.left = code === CLOSE.ended || code === CLOSE.leaving
      connection.lost()
      peer.lost()
    })
  }

  server.on('upgrade', onUpgrade)
  return {
    get size() {
      return sockets.clients.size
    },
    async close() {
      isClosing = true
      const gone = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const socket of sockets.clients) socket.close(CLOSE.serverStopped)
      await Promise.all(gone)
      server.off('upgrade', onUpgrade)
      sockets.close()
    },
  }
}

function refuseUpgrade(stream: Duplex, statusAndHeaders: string): void {
  stream.end(`HTTP/1.1 ${statusAndHeaders}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`, () => stream.destroy())
}

/** Pings at each interval and cuts a socket that answered nothing since the last ping. */
function keepAlive(socket: WebSocket, clock: Clock, intervalMs: number): () => void {
  let answered = true
  let cancel = () => {}
  const beat = () => {
    if (!answered) return socket.terminate()
    answered = false
    if (socket.readyState === socket.OPEN) socket.ping()
    cancel = clock.after(intervalMs, beat)
  }
  socket.on('pong', () => {
    answered = true
  })
  cancel = clock.after(intervalMs, beat)
  return () => cancel()
}

/** Apart from where the request is known, which it would keep in memory for as long as the socket is open. */
function destroyOnError(stream: Duplex): void {
  stream.on('error', () => stream.destroy())
}
