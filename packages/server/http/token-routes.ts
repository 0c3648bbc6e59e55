import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { userIdSchema, userNameSchema } from '../shown-name.ts'
import { mintToken } from '../token.ts'
import type { HttpOptions } from './app.ts'

/** Life of a token when the caller names none: a working day's stretch. */
const DEFAULT_SECONDS = 7_200

const body = z.object({
  role: z
    .union([z.literal(1), z.literal(2), z.literal('1'), z.literal('2')], 'must be 1 (customer) or 2 (agent)')
    .transform((role): 1 | 2 => (Number(role) === 1 ? 1 : 2)),
  userId: userIdSchema.optional(),
  userName: userNameSchema.optional(),
  expirationSeconds: z
    .int('must be a whole number')
    .min(1_800, 'must be at least 1800')
    .max(172_800, 'must be at most 172800')
    .default(DEFAULT_SECONDS),
  enableByop: z.union([z.literal(0), z.literal(1)], 'must be 0 or 1').default(0),
  enableSettings: z.union([z.literal(0), z.literal(1)], 'must be 0 or 1').default(0),
})

/** `POST /token`, in development mode only.
 *
 *  Any origin may call it, because integrators try the SDK on pages of their own. A page that rebinds its name to the
 *  loopback address therefore gains nothing that every page does not have already: tokens for a key whose sessions
 *  live on this machine, whose secret no other machine has, and whose PINs the customer still has to read out and
 *  answer for. So the Host header is not checked, which would break tunnels and host names in the hosts file. With a
 *  configured key or another bind address the route does not exist. */
export function addTokenRoutes(app: FastifyInstance, { keys, tokens, development }: HttpOptions): void {
  const key = keys.values().next().value
  if (!development || !key) return

  const open = (reply: FastifyReply) =>
    reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store')

  app.options('/token', async (_request, reply) =>
    open(reply)
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '600')
      .code(204)
      .send(),
  )

  app.post(
    '/token',
    {
      // A body that is no JSON, or none of that type, is bad input like any other.
      errorHandler: (_error, _request, reply) =>
        open(reply)
          .code(400)
          .send({ errors: [{ property: 'body', reason: 'must be a JSON object' }] }),
    },
    async (request, reply) => {
      const parsed = body.safeParse(request.body)
      if (!parsed.success)
        return open(reply)
          .code(400)
          .send({ errors: describe(parsed.error) })
      const { role, userId, userName, expirationSeconds: seconds, enableByop, enableSettings } = parsed.data
      const id = userId ?? `${role === 1 ? 'customer' : 'agent'}-${randomBytes(6).toString('hex')}`
      const claims = { role, userId: id, userName: userName ?? id, seconds, enableByop, enableSettings }
      return open(reply).send({ token: await mintToken(key, claims, tokens.clock), sdkKey: key.sdkKey })
    },
  )
}

function describe(error: z.ZodError): { property: string; reason: string }[] {
  return error.issues.map(({ path, message }) => ({ property: path.join('.') || 'body', reason: message }))
}
