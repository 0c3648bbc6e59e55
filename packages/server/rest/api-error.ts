import type { FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'

/** A refusal of a REST operation: the body that every error has, and the status that it is sent with. */
export class ApiError extends Error {
  readonly status: number
  readonly code: number
  /** Seconds to wait. */
  readonly retryAfter: number | undefined

  constructor(status: number, code: number, message: string, retryAfter?: number) {
    super(message)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** A parameter or field that is not as documented. `reason` continues the sentence that its name begins. */
export function badParameter(name: string, reason: string): ApiError {
  return new ApiError(400, 300, `${name}: ${reason}.`)
}

export function badPageToken(): ApiError {
  return new ApiError(
    400,
    30101,
    'next_page_token is not valid or has expired. Ask for the first page again, without it.',
  )
}

export function unauthorized(): ApiError {
  return new ApiError(
    401,
    401,
    'Invalid token. Send "Authorization: Bearer" with a JWT (HS256) of iss, iat and exp, where iss is your API key, signed with your API secret.',
  )
}

export function noSession(): ApiError {
  return new ApiError(404, 30300, 'Session does not exist')
}

export function tooMany(retryAfter: number): ApiError {
  return new ApiError(429, 429, `Too many requests. Try again in ${retryAfter} s.`, retryAfter)
}

const errorSchema = z
  .object({
    code: z.int().describe('What went wrong, as a number.'),
    message: z.string().describe('What went wrong and what to do, for a person.'),
  })
  .describe('An error.')

/** The refusals that every operation knows, for its `response`. */
export const COMMON_ERRORS = { 400: errorSchema, 401: errorSchema, 429: errorSchema, 500: errorSchema }

/** Those of an operation on one session. */
export const SESSION_ERRORS = { ...COMMON_ERRORS, 404: errorSchema }

/** Answers any error in the one form. `onFault` hears of those that are ours. */
export function sendApiError(error: unknown, reply: FastifyReply, onFault: (error: unknown) => void): FastifyReply {
  const known = error instanceof ApiError ? error : describe(error)
  if (known.status >= 500) onFault(error)
  if (known.retryAfter !== undefined) reply.header('retry-after', known.retryAfter)
  if (known.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(known.status).send({ code: known.code, message: known.message })
}

function describe(error: unknown): ApiError {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issue = error.validation[0]
    const name = issue?.instancePath.slice(1).replaceAll('/', '.')
    return badParameter(name || 'body', issue?.message ?? 'is not valid')
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500
  if (status === 413) return new ApiError(413, 413, 'The body is larger than 16 KB. Send less.')
  if (status < 500) return new ApiError(400, 300, 'body: must be JSON, sent as application/json.')
  return new ApiError(500, 500, 'Something went wrong on our side. Try again later.')
}
