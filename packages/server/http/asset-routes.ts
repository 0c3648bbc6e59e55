import { AlongsideError, ERRORS, MAX_ASSET_BYTES } from '@alongside/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AssetTickets } from '../assets/asset-tickets.ts'
import { checkOrigin } from '../socket/allowed-origin.ts'

interface Place {
  ticket: string
  key: string
}

const PATH = '/assets/:ticket/:key'
const KEY = /^[\w-]{1,64}$/

/** Says that the customer's browser may not read what a key stands for. */
const MISSING = 'x-alongside-missing'

/** How long a browser remembers what it may upload. */
const PREFLIGHT_SECONDS = 7_200

/** A file that is opened outside a picture or a font face can do nothing: an SVG is a document. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** Pictures and fonts: in from the customer's page, out to the agents of its session. */
export async function addAssetRoutes(app: FastifyInstance, tickets: AssetTickets): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // What a file is, its bytes say; the type that comes with it is not read.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.setErrorHandler((error, request, reply) => sendCoded(request, reply, error))
    addUpload(scope, tickets)
    addDownload(scope, tickets)
  })
}

function addUpload(scope: FastifyInstance, tickets: AssetTickets): void {
  scope.options<{ Params: Place }>(PATH, async (request, reply) => {
    const door = tickets.find(request.params.ticket, 'upload')
    if (!door) return reply.callNotFound()
    checkOrigin(door.key, request.headers.origin)
    return allowReading(request, reply)
      .header('access-control-allow-methods', 'PUT')
      .header('access-control-allow-headers', `content-type, ${MISSING}`)
      .header('access-control-max-age', PREFLIGHT_SECONDS)
      .code(204)
      .send()
  })

  scope.put<{ Params: Place; Body: Buffer | undefined }>(
    PATH,
    {
      bodyLimit: MAX_ASSET_BYTES,
      // Before the body is read: a stranger's is not.
      onRequest: async (request, reply) => {
        const door = tickets.find(request.params.ticket, 'upload')
        if (!door || !KEY.test(request.params.key)) return reply.callNotFound()
        checkOrigin(door.key, request.headers.origin)
        door.assets.countUpload()
      },
    },
    async (request, reply) => {
      // The last agent may have left, or the session ended, while the body came.
      const door = tickets.find(request.params.ticket, 'upload')
      if (!door) return reply.callNotFound()
      if (request.headers[MISSING] === '1') door.assets.putMissing(request.params.key)
      else door.assets.put(request.params.key, request.body ?? Buffer.alloc(0))
      return allowReading(request, reply).code(204).send()
    },
  )
}

function addDownload(scope: FastifyInstance, tickets: AssetTickets): void {
  scope.get<{ Params: Place }>(PATH, async (request, reply) => {
    const { ticket, key } = request.params
    const door = KEY.test(key) ? tickets.find(ticket, 'view') : undefined
    const asset = door && (await door.assets.find(key, AbortSignal.any([door.revoked, whenClosed(reply)])))
    // Pages of other origins ask too; a refusal by policy would be one more line on their console.
    if (!asset || door.revoked.aborted)
      return reply
        .header('cache-control', 'no-store')
        .header('cross-origin-resource-policy', 'cross-origin')
        .callNotFound()
    const isOwn = door.origin === undefined || hostOf(door.origin) === request.headers.host
    // An agent's page on a company's own site: fonts are only shown to it when it is named.
    if (!isOwn) reply.header('access-control-allow-origin', door.origin)
    return reply
      .type(asset.type)
      .header('cache-control', 'private, max-age=3600, immutable')
      .header('content-security-policy', POLICY)
      .header('cross-origin-resource-policy', isOwn ? 'same-origin' : 'cross-origin')
      .send(asset.bytes)
  })
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

/** Aborts when the browser no longer waits for the answer. */
function whenClosed(reply: FastifyReply): AbortSignal {
  const closing = new AbortController()
  reply.raw.once('close', () => closing.abort())
  return closing.signal
}

/** Lets the customer's page see how its upload went. Only for those that hold a ticket and are on the key's list. */
function allowReading(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('access-control-allow-origin', request.headers.origin ?? '*').header('vary', 'origin')
}

function sendCoded(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { statusCode } = error as { statusCode?: number }
  const coded =
    error instanceof AlongsideError ? error : new AlongsideError(statusCode === 413 ? 1106 : statusCode ? 1105 : 9999)
  if (coded.code !== 1109) allowReading(request, reply)
  if (coded.detail.retryAfter !== undefined) reply.header('retry-after', coded.detail.retryAfter)
  return reply.code(ERRORS[coded.code].status).send({ code: coded.code, message: coded.message })
}
