import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { HttpOptions } from './app.ts'
import { readBuiltFile, sendTagged } from './built-file.ts'

/** Why a script is refused. Fixed texts without quotes: nothing of the request gets into the script. */
const REASONS = {
  placeholder: 'The script address still holds a placeholder where the SDK key belongs. Put your SDK key there.',
  key: 'The SDK key in the script address is not known to this server. Check the key and the host name.',
  version: 'This server does not have the version in the script address. Leave the version out for the newest.',
  built: 'The server has not built its scripts. Run npm start, or npm run build, on the server.',
} as const
type Reason = keyof typeof REASONS

/** What `refused.js` holds in the place of a reason. */
const REASON_MARK = '__ALONGSIDE_REASON__'

/** Works when `refused.js` is not built either. */
const PLAIN_REFUSAL = `console.error('Alongside: ${REASON_MARK}')`

const keyParams = z.object({ key: z.string() })
const versionParams = keyParams.extend({ version: z.string().optional() })
const fileParams = keyParams.extend({ file: z.string() })

export function addScriptRoutes(app: FastifyInstance, { keys, development, root }: HttpOptions): void {
  const folder = join(root, 'packages/sdk/dist')
  const version = readVersion(join(root, 'packages/sdk/package.json'))
  // Without a version in the address, a new server must be seen soon.
  const caching = development ? 'no-cache' : 'public, max-age=300'

  const findReason = (key: string, wanted: string | undefined): Reason | undefined => {
    if (/[${}]/.test(key)) return 'placeholder'
    if (!keys.has(key)) return 'key'
    return wanted === undefined || isVersion(wanted, version) ? undefined : 'version'
  }

  const refuse = async (reply: FastifyReply, reason: Reason) => {
    const script = (await readBuiltFile(folder, 'refused.js'))?.toString() ?? PLAIN_REFUSAL
    return reply.header('cache-control', 'no-store').send(script.replaceAll(REASON_MARK, REASONS[reason]))
  }

  const serve = (file: string) => async (request: FastifyRequest, reply: FastifyReply) => {
    asScript(reply)
    const params = versionParams.parse(request.params)
    const reason = findReason(params.key, params.version)
    if (reason) return refuse(reply, reason)
    const script = await readBuiltFile(folder, file)
    if (!script) return refuse(reply, 'built')
    return sendTagged(request, reply.header('cache-control', caching), script)
  }

  for (const [name, file] of [
    ['js', 'loader.js'],
    ['agent', 'agent-script.js'],
  ] as const) {
    app.get(`/static/resource/sdk/:key/${name}`, serve(file))
    app.get(`/static/resource/sdk/:key/${name}/:version`, serve(file))
  }

  app.get('/static/resource/sdk/:key/core/:file', async (request, reply) => {
    const { key, file } = fileParams.parse(request.params)
    const script = keys.has(key) && file.endsWith('.js') ? await readBuiltFile(folder, file) : undefined
    if (!script) return reply.callNotFound()
    return sendTagged(request, asScript(reply).header('cache-control', caching), script)
  })
}

function asScript(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/javascript; charset=utf-8')
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin')
}

/** Exact (`1.4.2`) or floating on the patch (`1.4.x`). */
function isVersion(wanted: string, version: string): boolean {
  return wanted === version || wanted === version.replace(/\.\d+$/, '.x')
}

function readVersion(file: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
