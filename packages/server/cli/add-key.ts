import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { CONFIG_FILE, checkConfigFile } from '../config.ts'
import { ConfigError } from '../config-error.ts'

interface KeyOptions {
  write?: boolean
  company?: string
  origin?: string[]
}

/** Makes a key as an administrator writes it, and adds it to the configuration file if that is asked for. The file is
 *  as before when anything in it, or in the key, is wrong: then this throws `ConfigError`. */
export function addKey(
  sdkKey: string,
  { write, company, origin }: KeyOptions,
  env: Record<string, string | undefined>,
): { json: string; note: string } {
  const key = {
    sdkKey,
    sdkSecret: drawSecret(),
    apiKey: `${sdkKey}-api`,
    apiSecret: drawSecret(),
    ...(company === undefined ? {} : { company }),
    ...(origin === undefined ? {} : { allowedOrigins: origin }),
  }
  const json = JSON.stringify(key, null, 2)
  const path = resolve(env.ALONGSIDE_CONFIG ?? CONFIG_FILE)
  const name = basename(path)
  const before = write && existsSync(path) ? readFileSync(path, 'utf8') : '{}'
  checkConfigFile(before, name)
  const settings = JSON.parse(before) as { keys?: object[] }
  const after = JSON.stringify({ ...settings, keys: [...(settings.keys ?? []), key] }, null, 2)
  checkConfigFile(after, name)
  if (!write) return { json, note: `Add this to "keys" in ${name}, or let --write do it. It is shown this once.` }
  replaceFile(path, `${after}\n`, name)
  const hidden = env.ALONGSIDE_KEYS === undefined ? '' : ' ALONGSIDE_KEYS is set and hides the keys of the file.'
  return { json, note: `Added to ${name}. Restart the server to use it.${hidden}` }
}

/** 256 random bits: as many as HS256 uses. */
function drawSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** A crash leaves the old file or the new one, and nobody but its owner may read the secrets in it. */
function replaceFile(path: string, text: string, name: string): void {
  const next = `${path}.${process.pid}.new`
  try {
    writeFileSync(next, text, { mode: 0o600, flag: 'wx' })
    renameSync(next, path)
  } catch (error) {
    rmSync(next, { force: true })
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError(`${name}: cannot be written (${code}). Nothing was changed.`)
  }
}
