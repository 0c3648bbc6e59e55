// The least that a relay can be: the same library passes frames between two sockets of the same path, and does no more.
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { answer } from './child.ts'

const waiting = new Map<string, WebSocket>()

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', (socket, { url = '' }) => {
  const other = waiting.get(url)
  if (!other) return waiting.set(url, socket)
  waiting.delete(url)
  other.on('message', (bytes: Buffer) => socket.send(bytes, { binary: true }))
  return undefined
})

answer(async () => ({ port: (server.address() as AddressInfo).port }))
