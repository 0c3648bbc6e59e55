import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { Turns } from '../turns.ts'
import { ClientAddresses } from './client-address.ts'
import { Pipelines } from './pipelines.ts'

const MIB = 1024 * 1024

/** The most bytes of a body of 8 MB that a server read in one turn, and all of them. */
async function readBody(isLimited: boolean): Promise<{ most: number; all: number }> {
  const read = { most: 0, all: 0 }
  let inTurn = 0
  const pipelines = new Pipelines(new ClientAddresses(), new Turns({ clock: systemClock, onLongWait() {} }))
  const handle: Parameters<Pipelines['limit']>[0] = (asked, response) => {
    asked.on('data', ({ length }: Buffer) => {
      if (!inTurn)
        setImmediate(() => {
          inTurn = 0
        })
      inTurn += length
      read.most = Math.max(read.most, inTurn)
      read.all += length
    })
    asked.on('end', () => response.end())
  }
  const server = createServer(isLimited ? pipelines.limit(handle) : handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upload = request({ port: (server.address() as AddressInfo).port, method: 'PUT', agent: false })
  upload.end(Buffer.alloc(8 * MIB))
  const [answer] = await once(upload, 'response')
  answer.resume()
  server.close()
  await once(server, 'close')
  return read
}

test('LIM-53 of one body the server reads 192 KB in a turn at most, and all in the end', async () => {
  const limited = await readBody(true)
  expect(limited.most).toBeLessThanOrEqual(192 * 1024)
  expect(limited.all).toBe(8 * MIB)
  expect((await readBody(false)).most, 'the control').toBeGreaterThan(192 * 1024)
})
