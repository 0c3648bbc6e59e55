import { deflateRawSync } from 'node:zlib'
import type { Page } from 'playwright'

/** Bytes on the line, as they are and after deflate. */
export interface Weight {
  raw: number
  deflated: number
  messages: number
}

/** Takes the messages that were emitted since the last call and weighs them: JSON for those that are not bytes. Both
 *  products are compressed message by message with the same setting, except that small messages stay as they are. */
export async function weighMessages(page: Page): Promise<Weight> {
  const messages = await page.evaluate(() => {
    const taken = window.messages.splice(0)
    const encoder = new TextEncoder()
    return taken.map((message) => {
      const bytes = message instanceof Uint8Array ? message : encoder.encode(JSON.stringify(message))
      let text = ''
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
      return btoa(text)
    })
  })
  const buffers = messages.map((text) => Buffer.from(text, 'base64'))
  const raw = buffers.reduce((sum, bytes) => sum + bytes.length, 0)
  return { raw, deflated: buffers.reduce((sum, bytes) => sum + deflatedSize(bytes), 0), messages: buffers.length }
}

/** The SDK sends what is smaller than this uncompressed. */
const SMALLEST_DEFLATED = 1024

function deflatedSize(bytes: Buffer): number {
  return bytes.length < SMALLEST_DEFLATED ? bytes.length : deflateRawSync(bytes, { level: 6 }).length
}
