import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ClientAddresses } from './client-address.ts'

/** For everything that is no page with a policy of its own: data and pictures that somebody opens by themselves can do
 *  nothing, and stand in nobody's frame. */
const INERT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** A year, the least that counts. Not for sub-domains: those are the operator's, who may say more in the proxy. */
const HTTPS_ONLY = 'max-age=31536000'

/** Gives an answer, refusals included, what browsers need to read it as what it is and no other way. */
export function putHeaders(request: FastifyRequest, reply: FastifyReply, addresses: ClientAddresses): void {
  put(reply, 'x-content-type-options', 'nosniff')
  put(reply, 'referrer-policy', 'no-referrer')
  // A script's policy would be that of the worker that it begins.
  if (!isScript(reply)) put(reply, 'content-security-policy', INERT_POLICY)
  if (isData(reply)) put(reply, 'cross-origin-resource-policy', 'same-origin')
  if (addresses.isHttps(request.raw)) put(reply, 'strict-transport-security', HTTPS_ONLY)
}

/** Refuses what names no host or two, before anything of it is read: links are made of it, and a proxy in front may have
 *  chosen by the other. */
export function checkHost(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }, reply) => {
    const { host: hosts = [] } = raw.headersDistinct
    // HTTP/1.0 need not name one.
    if (hosts.length === 0 || (hosts.length === 1 && isHost(hosts[0] ?? ''))) return
    return reply
      .code(400)
      .header('connection', 'close')
      .send({ code: 400, message: 'The Host header must be one host name, with a port or without.' })
  })
}

function isHost(text: string): boolean {
  if (!/^[\w.:[\]-]{1,255}$/.test(text)) return false
  return URL.canParse(`http://${text}`) && new URL(`http://${text}`).pathname === '/'
}

function put(reply: FastifyReply, name: string, value: string): void {
  if (!reply.hasHeader(name)) reply.header(name, value)
}

function isScript(reply: FastifyReply): boolean {
  return /^(text|application)\/javascript/.test(String(reply.getHeader('content-type')))
}

function isData(reply: FastifyReply): boolean {
  return /json/.test(String(reply.getHeader('content-type')))
}
