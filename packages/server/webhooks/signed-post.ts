import { createHmac } from 'node:crypto'
import { type Dispatcher, request } from 'undici'

/** Of an answer nothing beyond this is read. */
const MAX_ANSWER_BYTES = 16 * 1024

interface Post {
  url: string
  secret: string
  body: string
  /** ms since the epoch. */
  time: number
  signal: AbortSignal
}

/** Sends a webhook with its signature and answers the status and the first bytes. Goes nowhere that the answer points to.
 *  Rejects when no answer comes. */
export async function postSigned(
  dispatcher: Dispatcher,
  { url, secret, body, time, signal }: Post,
): Promise<{ status: number; text: string }> {
  const timestamp = String(Math.floor(time / 1_000))
  const signature = `v0=${sign(secret, `v0:${timestamp}:${body}`)}`
  const answer = await request(url, {
    dispatcher,
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Alongside-Webhooks',
      'x-zm-signature': signature,
      'x-zm-request-timestamp': timestamp,
    },
    body,
    signal,
  })
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer.body) {
    parts.push(part)
    size += part.length
    if (size > MAX_ANSWER_BYTES) break
  }
  return { status: answer.statusCode, text: Buffer.concat(parts).toString('utf8', 0, MAX_ANSWER_BYTES) }
}

/** HMAC-SHA256 in hexadecimal. */
export function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}
