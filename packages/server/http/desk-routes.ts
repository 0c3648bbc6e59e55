import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Claims, verifyToken } from '../token.ts'
import type { HttpOptions } from './app.ts'
import { readBuiltFile, sendNotBuilt } from './built-file.ts'
import { DEMO_AGENT, DEMO_AGENT_HASH, DEVELOPMENT_MARK, PLAIN_REFUSED_PAGE } from './refused-page.ts'

/** Tells the desk's page that codes have more than six digits, so that it begins with the field for those. */
const LONG_CODES = 'id="desk" data-code="long"'

const query = z.object({ access_token: z.string() })

/** How a bad SDK token is called over HTTP. */
const INVALID_TOKEN = { code: 124, message: 'Invalid token' }

/** The agent's page. It is served only with a valid token, which the page takes out of the address bar at once. */
export function addDeskRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { tokens, development, root } = options
  const folder = join(root, 'apps/desk/dist')

  const serveDesk = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8')
    const token = query.safeParse(request.query).data?.access_token
    const claims = token === undefined ? undefined : await verify(token)
    if (!claims && request.headers.accept?.startsWith('application/json'))
      return reply.code(401).type('application/json; charset=utf-8').send(INVALID_TOKEN)
    if (!claims) {
      const page = (await readBuiltFile(folder, 'refused.html'))?.toString() ?? PLAIN_REFUSED_PAGE
      return reply
        .code(401)
        .header('content-security-policy', refusedPolicy(development))
        .send(development ? page.replace(DEVELOPMENT_MARK, () => DEMO_AGENT) : page)
    }
    const page = await readBuiltFile(folder, 'index.html')
    if (!page) return sendNotBuilt(reply)
    return reply
      .header(
        'content-security-policy',
        deskPolicy(development ? ['*'] : ["'self'", ...(claims.key.allowedOrigins ?? [])]),
      )
      .send(claims.key.pinDigits === 6 ? page : page.toString().replace('id="desk"', LONG_CODES))
  }

  const verify = (token: string): Promise<Claims | undefined> =>
    verifyToken(token, 'agent', tokens).catch(() => undefined)

  const onRequest = onlyAt(options)
  // What a one-time link brings is in its fragment, which the page shows to the socket; the page itself is for anybody.
  app.get('/desk/link', { onRequest }, async (_request, reply) => {
    const page = await readBuiltFile(folder, 'index.html')
    if (!page) return sendNotBuilt(reply)
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', deskPolicy(["'self'"]))
      .send(page)
  })
  app.get('/desk', { onRequest }, serveDesk)
  app.get('/desk/', { onRequest }, serveDesk)
  app.get('/sdkapi/zcb/frame-templates/desk', { onRequest }, serveDesk)
}

/** Sends those who come by another name to the origin that the desk has for itself, with all that their address says. There
 *  the browser is asked for a process of its own, which a page that opened or frames the desk does not share. */
function onlyAt({ deskOrigin, addresses }: HttpOptions) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (deskOrigin === undefined) return
    if (addresses.originOf(request.raw) !== deskOrigin)
      return reply.header('cache-control', 'no-store').redirect(deskOrigin + request.raw.url, 307)
    reply.header('origin-agent-cluster', '?1').header('cross-origin-opener-policy', 'same-origin')
  }
}

function refusedPolicy(development: boolean): string {
  const demo = development ? ` ${DEMO_AGENT_HASH}; connect-src 'self'` : ''
  return `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src 'self'${demo}`
}

function deskPolicy(ancestors: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors.join(' ')}`,
  ].join('; ')
}
