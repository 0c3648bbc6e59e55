import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorCode } from '@alongside/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Key } from '../key.ts'
import type { HttpOptions } from './app.ts'
import { readBuiltFile, sendTagged } from './built-file.ts'

interface Refusal {
  /** What `init` answers. */
  code: ErrorCode
  text: string
}

/** Why a script is refused. Fixed texts without quotes: nothing of the request gets into the script. */
const REFUSALS = {
  placeholder: {
    code: 1104,
    text: 'The script address still holds a placeholder where the SDK key belongs. Put your SDK key there.',
  },
  key: {
    code: 1104,
    text: 'The SDK key in the script address is not known to this server. Check the key and the host name.',
  },
  version: {
    code: 1011,
    text: 'This server does not have the version in the script address. Leave the version out for the newest.',
  },
  built: { code: 9999, text: 'The server has not built its scripts. Run npm start, or npm run build, on the server.' },
} as const satisfies Record<string, Refusal>
type Reason = keyof typeof REFUSALS

/** What `refused.js` holds in the place of text and code. */
const TEXT_MARK = '__ALONGSIDE_REASON__'
const CODE_MARK = '987654321'

/** Works when `refused.js` is not built either. */
const PLAIN_REFUSAL = `console.error('Alongside: ${TEXT_MARK}')`

/** How long an origin that was taken off the list may still show framed pages: a page of fifty frames loads them once. */
const GUEST_MAX_AGE_S = 60

const keyParams = z.object({ key: z.string() })
const versionParams = keyParams.extend({ version: z.string().optional() })
const coreParams = z.object({ file: z.string() })
const guestQuery = z.object({ for: z.string().catch('') })
const fileParams = keyParams.extend(coreParams.shape)

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
    const { code, text } = REFUSALS[reason]
    const filled = script.replaceAll(TEXT_MARK, text).replaceAll(CODE_MARK, String(code))
    return reply.header('cache-control', 'no-store').send(filled)
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

  const sendBuilt = async (request: FastifyRequest, reply: FastifyReply, file: string) => {
    const script = file.endsWith('.js') ? await readBuiltFile(folder, file) : undefined
    if (!script) return reply.callNotFound()
    return sendTagged(request, asScript(reply).header('cache-control', caching), script)
  }

  app.get('/static/resource/sdk/:key/core/:file', async (request, reply) => {
    const { key, file } = fileParams.parse(request.params)
    return keys.has(key) ? sendBuilt(request, reply, file) : reply.callNotFound()
  })

  // What captures a framed page for the page around it, with the word whether that one may have it: a part of the
  // script, because policies of pages allow scripts, and an error would stand in the page's console.
  app.get('/static/resource/sdk/:key/guest', async (request, reply) => {
    const key = keys.get(keyParams.parse(request.params).key)
    const script = key && (await readBuiltFile(folder, 'guest.js'))
    if (!script) return reply.callNotFound()
    const allowed = mayShow(key, guestQuery.parse(request.query).for, development)
    return sendTagged(
      request,
      asScript(reply).header('cache-control', `private, max-age=${GUEST_MAX_AGE_S}`),
      `${script}export const allowed=${allowed}`,
    )
  })

  // For pages that name the key in `CobrowseIO.license`: the server judges it when they register or start.
  app.get('/CobrowseIO.js', (request, reply) => sendBuilt(request, reply, 'cobrowse-script.js'))
  app.get('/CobrowseIO/:file', (request, reply) => sendBuilt(request, reply, coreParams.parse(request.params).file))
}

/** Whether pages of an origin may show framed pages that load the script of a key. Without a list nobody may: any page
 *  can put any other into a frame. */
function mayShow({ allowedOrigins }: Key, origin: string, development: boolean): boolean {
  // Documents without an origin of their own all say `null`.
  return allowedOrigins?.includes(origin) ?? (development && origin !== 'null')
}

function asScript(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/javascript; charset=utf-8')
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin')
}

/** Exact (`1.4.2`) or floating on the patch (`1.4.x`): ours, or one of the Zoom Cobrowse SDK, whose pages get our
 *  newest script under the numbers that they ask for (docs/adr/0005-versions.md). */
function isVersion(wanted: string, version: string): boolean {
  return wanted === version || wanted === version.replace(/\.\d+$/, '.x') || ZOOM_VERSION.test(wanted)
}

/** Published so far: 2.7.0 to 3.10.0. */
const ZOOM_VERSION = /^[23]\.\d{1,3}\.(\d{1,3}|x)$/

function readVersion(file: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
