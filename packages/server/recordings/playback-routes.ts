import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { History } from '../history/history.ts'
import { readBuiltFile, sendNotBuilt } from '../http/built-file.ts'
import type { PlaybackLinks } from './playback-links.ts'
import type { Recordings } from './recordings.ts'

export const RECORDING_TYPE = 'application/vnd.alongside.recording'

interface PlaybackOptions {
  recordings: Recordings
  links: PlaybackLinks
  history: History
  /** The folder that holds `apps` with their built files. */
  root: string
  addressOf(request: IncomingMessage): string
}

/** What the page may do: play what the link brings, as inert as a live copy. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

const body = z.strictObject({ link: z.string().max(64) })

/** The page that plays a recording, and the recording itself for whoever has a link. */
export function addPlaybackRoutes(app: FastifyInstance, options: PlaybackOptions): void {
  const { recordings, links, history, root, addressOf } = options

  // The link is in the fragment, which no server sees; the page itself is for anybody.
  app.get('/desk/recording', async (_request, reply) => {
    const page = await readBuiltFile(join(root, 'apps/desk/dist'), 'recording.html')
    if (!page) return sendNotBuilt(reply)
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', POLICY)
      .send(page)
  })

  app.post('/desk/recording', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const playback = links.use(body.safeParse(request.body).data?.link ?? '')
    if (!playback) {
      const message = 'This link was used already or has run out. Ask for a new one.'
      return reply.code(404).send({ code: 1118, message })
    }
    const { recordingId, sdkKey, sessionId, userId, userName } = playback
    const entries = await recordings.read(sdkKey, recordingId)
    if (!entries) return reply.code(404).send({ code: 404, message: 'This recording is no longer there.' })
    const person = { userId, userName, role: 'agent', address: addressOf(request.raw) } as const
    history.tell({ type: 'audit', sdkKey, sessionId, action: 'recording.viewed', person, details: { recordingId } })
    return reply.type(RECORDING_TYPE).send(Readable.from(entries, { objectMode: false }))
  })
}
