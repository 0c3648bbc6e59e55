import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Reads a file of a folder by its bare name. Undefined unless the folder's own listing holds that name, so that no
 *  spelling of a name can lead out of the folder. */
export async function readBuiltFile(folder: string, name: string): Promise<Buffer | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = entries.some((entry) => entry.isFile() && entry.name === name)
  return found ? readFile(join(folder, name)) : undefined
}

/** Answers with a body that the browser may keep but asks about again, or 304 when it has it. */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, body: Buffer | string): FastifyReply {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  reply.header('etag', tag)
  return request.headers['if-none-match'] === tag ? reply.code(304).send() : reply.send(body)
}

/** The page for a part that has not been built. */
export function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(
      '<!DOCTYPE html><html lang="en"><title>Not built yet</title><h1>This part is not built yet</h1>' +
        '<p>Stop the server, run <code>npm start</code> (or <code>npm run build</code>) and open this page again.</p>',
    )
}
