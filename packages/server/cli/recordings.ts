import { z } from 'zod'
import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { type AskOptions, askAll, askOne, toTable } from './ask.ts'

const recording = z.looseObject({
  recording_id: z.string(),
  session_id: z.string(),
  start_time: z.string(),
  end_time: z.string().optional(),
  duration: z.string(),
  bytes: z.number(),
  state: z.string(),
  reason: z.string().optional(),
})
const page = z.object({ next_page_token: z.string(), recordings: z.array(recording) })
type Recording = z.infer<typeof recording>

const A_DAY_MS = 86_400_000

/** The recordings of a key, as a table or as JSON. Throws `ConfigError` when the server cannot be asked. */
export async function listRecordings(config: Config, options: AskOptions & { json?: boolean }): Promise<string> {
  const recordings = await readAll(config, options)
  if (options.json) return JSON.stringify(recordings, null, 2)
  if (recordings.length === 0) return 'There is no recording.'
  const rows = recordings.map(({ recording_id, start_time, duration, bytes, state, reason }) => [
    recording_id,
    start_time,
    duration,
    `${(bytes / 1_000_000).toFixed(1)} MB`,
    reason === undefined ? state : `${state}: ${reason}`,
  ])
  return toTable([['RECORDING', 'STARTED', 'DURATION', 'SIZE', 'STATE'], ...rows])
}

export async function deleteRecording(config: Config, id: string, options: AskOptions): Promise<string> {
  await askOne(config, options, 'DELETE', `/v2/alongside/recordings/${encodeURIComponent(id)}`)
  return `The recording ${id} is deleted.`
}

/** Deletes what ended longer ago than so many days. */
export async function purgeRecordings(config: Config, days: number, options: AskOptions): Promise<string> {
  if (days < 1) throw new ConfigError('--older-than: must be at least 1 day.')
  const before = Date.now() - days * A_DAY_MS
  const old = (await readAll(config, options)).filter(({ end_time }) => end_time && Date.parse(end_time) < before)
  for (const { recording_id } of old) await deleteRecording(config, recording_id, options)
  return `${old.length} recording${old.length === 1 ? ' is' : 's are'} deleted.`
}

function readAll(config: Config, options: AskOptions): Promise<Recording[]> {
  return askAll(config, options, '/v2/alongside/recordings', page, ({ recordings }) => recordings)
}
