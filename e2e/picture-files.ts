import type { IncomingMessage, ServerResponse } from 'node:http'
import { crc32, deflateSync } from 'node:zlib'

/** A square PNG of one colour. */
export function makePicture(red: number, green: number, blue: number, side = 40): Buffer {
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(side * 3, Buffer.of(red, green, blue))])
  const size = Buffer.alloc(8)
  size.writeUInt32BE(side, 0)
  size.writeUInt32BE(side, 4)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.concat([size, Buffer.of(8, 2, 0, 0, 0)])),
    chunk('IDAT', deflateSync(Buffer.concat(new Array(side).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Answers with a file, as any server of static files does. */
export function sendFile(response: ServerResponse, type: string, body: Buffer | string): true {
  response.setHeader('content-type', type)
  response.end(body)
  return true
}

export function hasCookie({ headers }: IncomingMessage, cookie: string): boolean {
  return headers.cookie?.split('; ').includes(cookie) ?? false
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
