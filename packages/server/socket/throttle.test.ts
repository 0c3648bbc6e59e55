import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../clock.ts'
import { throttle } from './throttle.ts'

const MIB = 1024 * 1024

/** The most bytes that a server read in one turn of a peer that sends 8 MB of a message that does not end. */
async function mostInATurn(isThrottled: boolean): Promise<number> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const peer = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [socket, request] = (await once(server, 'connection')) as [WebSocket, { socket: Socket }]
  if (isThrottled) throttle(request.socket, socket, systemClock)
  let most = 0
  let inTurn = 0
  let all = 0
  await new Promise<void>((resolve) => {
    request.socket.on('data', ({ length }: Buffer) => {
      if (!inTurn)
        setImmediate(() => {
          inTurn = 0
        })
      inTurn += length
      most = Math.max(most, inTurn)
      all += length
      if (all > 8 * MIB) resolve()
    })
    const begin = () => peer.send(Buffer.alloc(8 * MIB), { fin: false })
    if (peer.readyState === WebSocket.OPEN) begin()
    else peer.once('open', begin)
  })
  const gone = [once(peer, 'close'), once(socket, 'close')]
  peer.terminate()
  await Promise.all(gone)
  server.close()
  return most
}

test('LIM-53 of one socket the server reads 128 KB in a turn at most, and all in the end', async () => {
  expect(await mostInATurn(true)).toBeLessThanOrEqual(128 * 1024)
  expect(await mostInATurn(false), 'the control').toBeGreaterThan(128 * 1024)
})
