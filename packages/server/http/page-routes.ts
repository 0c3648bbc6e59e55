import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { HttpOptions } from './app.ts'
import { readBuiltFile, sendNotBuilt } from './built-file.ts'

/** The shop stands for a company's own page: it runs what it likes, in no stranger's frame. */
const POLICY = "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"

/** The carrier's stands in the shop, which is another site to it. */
const FRAMED_POLICY = "object-src 'none'; base-uri 'none'"

/** The demo's pages, and the files beside the pages of demo and desk. */
export async function addPageRoutes(app: FastifyInstance, { root, development }: HttpOptions): Promise<void> {
  const demo = join(root, 'apps/demo/dist')
  const desk = join(root, 'apps/desk/dist')
  await app.register(fastifyStatic, { root: demo, serve: false, index: false, suppressWarning: true })
  // The builds put a hash of the content into the names of assets, and of no other file.
  const caching = (path: string) =>
    path.startsWith('assets/') && !development ? { immutable: true, maxAge: '365d' } : { maxAge: 0 }

  const servePage = (file: string) => async (_request: unknown, reply: FastifyReply) => {
    const page = await readBuiltFile(demo, file)
    if (!page) return sendNotBuilt(reply)
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', POLICY)
      .send(page)
  }
  const serveShop = servePage('shop.html')

  app.get('/', servePage('index.html'))
  app.get('/demo', serveShop)
  // The shop's own router decides what a path without an ending shows.
  app.get<{ Params: { '*': string } }>('/demo/*', async (request, reply) => {
    const path = request.params['*']
    if (extname(path) === '') return serveShop(request, reply)
    if (extname(path) === '.html') reply.header('content-security-policy', FRAMED_POLICY)
    return reply.sendFile(path, demo, caching(path))
  })
  app.get<{ Params: { '*': string } }>('/desk/*', async (request, reply) => {
    const path = request.params['*']
    // The desk's page itself is served by its own route, which asks for a token.
    return extname(path) === '.html' ? reply.callNotFound() : reply.sendFile(path, desk, caching(path))
  })
}
