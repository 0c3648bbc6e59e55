import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

/** The three ways in which a browser reads a page, each with the doctype that brings it about. */
const DOCTYPES = {
  standards: '<!DOCTYPE html>',
  'limited-quirks':
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
  quirks: '',
} as const

const query = z.object({ mode: z.enum(['standards', 'limited-quirks', 'quirks']).default('standards') })

/** What the copy of a customer's page may do: look like it. `allow-same-origin` lets the desk build it; without
 *  `allow-scripts` nothing in it runs, also when it is opened outside the desk's frame. Anybody may frame it: of itself it
 *  is empty, and `frame-ancestors` would have to name every site that frames the desk around it. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data: blob: 'self'",
  "font-src data: 'self'",
  "media-src data: 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  'sandbox allow-same-origin',
].join('; ')

/** `deskOrigin`: the origin whose documents keep to themselves; all of them must say so. */
export function addReplicaRoute(app: FastifyInstance, deskOrigin: string | undefined): void {
  app.get('/replica', async (request, reply) => {
    const parsed = query.safeParse(request.query)
    if (!parsed.success) {
      return reply.code(400).send({ code: 400, message: 'mode must be standards, limited-quirks or quirks.' })
    }
    if (deskOrigin !== undefined) reply.header('origin-agent-cluster', '?1')
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'public, max-age=3600')
      .send(`${DOCTYPES[parsed.data.mode]}<html><head></head><body></body></html>`)
  })
}
