import { randomBytes } from 'node:crypto'
import { mkdir, open, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError } from '../config-error.ts'

/** Makes the folder of the recordings. Rejects with `ConfigError` when nothing can be written there. */
export async function checkFolder(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await (await open(probe, 'wx', 0o600)).close()
    await unlink(probe)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError(
      `RECORDINGS_FOLDER: ${resolve(folder)} cannot be written (${code}). Let this user write there, name another folder, or set "recording" of every key to "off".`,
    )
  }
}
