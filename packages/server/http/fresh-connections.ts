import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { type ClientAddresses, limitName } from './client-address.ts'

/** Connections of one address that have not asked for anything: a browser opens some ahead, and whoever means to ask does
 *  so at once. All of them may ask in the same moment, and others wait meanwhile. */
const MAX_FRESH = 32

/** One more ends the oldest of them, which a browser notices before it would use it. A trusted proxy opens its connections
 *  for people of all addresses, and is let be. */
export function limitFreshConnections(server: Server, addresses: ClientAddresses): void {
  const fresh = new Map<string, Set<Socket>>()
  const names = new WeakMap<Socket, string>()
  const forget = (socket: Socket) => {
    const name = names.get(socket)
    const sockets = name === undefined ? undefined : fresh.get(name)
    sockets?.delete(socket)
    if (name !== undefined && !sockets?.size) fresh.delete(name)
  }
  const asked = ({ socket }: IncomingMessage) => forget(socket)
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket
    if (addresses.isProxy(remoteAddress)) return undefined
    const name = limitName(remoteAddress)
    const sockets = fresh.get(name) ?? new Set()
    fresh.set(name, sockets.add(socket))
    names.set(socket, name)
    socket.once('close', () => forget(socket))
    if (sockets.size <= MAX_FRESH) return undefined
    const [oldest] = sockets
    forget(oldest!)
    return oldest!.resetAndDestroy()
  })
  server.on('request', asked)
  server.on('upgrade', asked)
}
