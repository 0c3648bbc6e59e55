import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { History } from '../history/history.ts'
import { type Api, callerOf } from '../rest/api.ts'
import { ApiError, COMMON_ERRORS, noSession, SESSION_ERRORS } from '../rest/api-error.ts'
import { PAGE_FIELDS, PAGE_PARAMETERS, Pager } from '../rest/paging.ts'
import { sessionParams } from '../rest/session-control.ts'
import { formatDuration, formatTime } from '../rest/time.ts'
import { userIdSchema, userNameSchema } from '../shown-name.ts'
import type { PlaybackLinks } from './playback-links.ts'
import { RECORDING_TYPE } from './playback-routes.ts'
import type { RecordingRow, Recordings } from './recordings.ts'

interface RecordingOperations {
  recordings: Recordings
  links: PlaybackLinks
  history: History
  clock: Clock
  originOf(request: FastifyRequest): string
}

const recordingSchema = z.object({
  recording_id: z.string(),
  session_id: z.string(),
  start_time: z.string(),
  end_time: z.string().optional().describe('Not there while it goes on.'),
  duration: z.string().describe('hh:mm:ss.'),
  bytes: z.int().describe('What its file takes.'),
  state: z.enum(['recording', 'complete', 'failed']),
  reason: z
    .string()
    .optional()
    .describe(
      'Why it is not all of its session: disk_full, not_writable, write_failed, too_large, too_fast, file_missing, key_changed or server_stopped.',
    ),
})

const recordingParams = z.object({ recordingId: z.string().describe('22 URL-safe base64 characters.') })
const cursor = z.object({ time: z.number(), id: z.string() })
const pageSchema = z.object({ ...PAGE_FIELDS, recordings: z.array(recordingSchema) }).describe('A page of recordings.')

/** The recordings of the key that asks. Whoever watches, downloads or deletes one is in the audit. */
export function addRecordingOperations(api: Api, options: RecordingOperations): void {
  const { recordings, history, clock } = options
  const keyPager = new Pager('recordings', cursor, clock)
  const sessionPager = new Pager('session recordings', cursor, clock)
  const describe = (row: RecordingRow) => describeRecording(row, clock.now())

  api.get(
    '/alongside/recordings',
    {
      schema: {
        operationId: 'listRecordings',
        tags: ['Recordings'],
        summary: 'List recordings',
        description: 'The recordings of the key, the newest first.',
        querystring: z.object(PAGE_PARAMETERS),
        response: { 200: pageSchema, ...COMMON_ERRORS },
      },
    },
    async (request) => {
      const { query } = request
      const page = keyPager.open(callerOf(request), query)
      const { sdkKey } = callerOf(request)
      await history.flush()
      const found = await recordings.list(sdkKey, { limit: query.page_size, ...(page.place && { after: page.place }) })
      return { ...page.close(found.next), recordings: found.items.map(describe) }
    },
  )

  api.get(
    '/alongside/sessions/:sessionId/recordings',
    {
      schema: {
        operationId: 'listSessionRecordings',
        tags: ['Recordings'],
        summary: 'List recordings of a session',
        description: 'The recordings of one session of the key: none, or one.',
        params: sessionParams,
        querystring: z.object(PAGE_PARAMETERS),
        response: { 200: pageSchema, ...SESSION_ERRORS },
      },
    },
    async (request) => {
      const { query, params } = request
      const { sdkKey } = callerOf(request)
      const page = sessionPager.open(callerOf(request), { ...query, ...params })
      const { sessionId } = params
      await history.flush()
      const found = /^[\w-]{22}$/.test(sessionId)
        ? await recordings.list(sdkKey, { sessionId, limit: query.page_size, ...(page.place && { after: page.place }) })
        : { items: [], next: undefined }
      // A recording may be kept for longer than what else is known of its session.
      if (!found.items.length && !(await history.reader.session(sdkKey, sessionId))) throw noSession()
      return { ...page.close(found.next), recordings: found.items.map(describe) }
    },
  )

  api.get(
    '/alongside/recordings/:recordingId',
    {
      schema: {
        operationId: 'getRecording',
        tags: ['Recordings'],
        summary: 'Read what is known of a recording',
        description: 'When it began and ended, how large it is, and whether all of its session is there.',
        params: recordingParams,
        response: { 200: recordingSchema.describe('The recording.'), ...SESSION_ERRORS },
      },
    },
    async (request) => describe(await find(recordings, request)),
  )

  api.delete(
    '/alongside/recordings/:recordingId',
    {
      schema: {
        operationId: 'deleteRecording',
        tags: ['Recordings'],
        summary: 'Delete a recording',
        description: 'Deletes it for good, its key first. One that goes on is refused: end its session before.',
        params: recordingParams,
        response: {
          200: z.object({ recording_id: z.string() }).describe('The recording is gone.'),
          ...SESSION_ERRORS,
          409: SESSION_ERRORS[404],
        },
      },
    },
    async (request) => {
      const { recordingId, sessionId, state } = await find(recordings, request)
      if (state === 'recording')
        throw new ApiError(
          409,
          409,
          'This session is still being recorded. End the session, then delete the recording.',
        )
      const { sdkKey } = callerOf(request)
      await recordings.remove(sdkKey, recordingId)
      history.tell({ type: 'audit', sdkKey, sessionId, action: 'recording.deleted', details: { recordingId } })
      return { recording_id: recordingId }
    },
  )

  addFileOperations(api, options)
}

/** Those that give the content away. */
function addFileOperations(api: Api, { recordings, links, history, originOf }: RecordingOperations): void {
  api.get(
    '/alongside/recordings/:recordingId/file',
    {
      schema: {
        operationId: 'downloadRecording',
        tags: ['Recordings'],
        summary: 'Download a recording',
        description: `The recording as one file, ${RECORDING_TYPE}, unlocked: docs/recordings.md says what is in it.`,
        params: recordingParams,
        response: { 200: z.unknown().describe('The file.'), ...SESSION_ERRORS, 409: SESSION_ERRORS[404] },
      },
    },
    async (request, reply) => {
      const { recordingId, sessionId } = await find(recordings, request)
      const { sdkKey } = callerOf(request)
      const entries = await recordings.read(sdkKey, recordingId)
      if (!entries)
        throw new ApiError(409, 409, 'The recording is locked with another RECORDINGS_SECRET than the server has now.')
      history.tell({ type: 'audit', sdkKey, sessionId, action: 'recording.downloaded', details: { recordingId } })
      return reply
        .type(RECORDING_TYPE)
        .header('content-disposition', `attachment; filename="${recordingId}.alrec"`)
        .send(Readable.from(entries, { objectMode: false }))
    },
  )

  api.post(
    '/alongside/recordings/:recordingId/playback_link',
    {
      schema: {
        operationId: 'createPlaybackLink',
        tags: ['Recordings'],
        summary: 'Make a one-time link that plays a recording',
        description:
          'The address of a page that plays it for the named person, who is in the audit from then on. It works once and for 10 minutes. The secret is in the fragment, which no server log sees.',
        params: recordingParams,
        body: z.object({ user_id: userIdSchema, user_name: userNameSchema }),
        response: {
          200: z.object({ url: z.string(), expires_at: z.string() }).describe('The link.'),
          ...SESSION_ERRORS,
        },
      },
    },
    async (request) => {
      const { recordingId, sessionId } = await find(recordings, request)
      const { user_id: userId, user_name: userName } = request.body
      const { sdkKey } = callerOf(request)
      const { link, expiresAt } = links.issue({ sdkKey, sessionId, recordingId, userId, userName })
      const person = { userId, userName, role: 'agent' } as const
      history.tell({
        type: 'audit',
        sdkKey,
        sessionId,
        action: 'recording.link_made',
        person,
        details: { recordingId },
      })
      return { url: `${originOf(request)}/desk/recording#link=${link}`, expires_at: formatTime(expiresAt) }
    },
  )
}

async function find(
  recordings: Recordings,
  request: FastifyRequest<{ Params: { recordingId: string } }>,
): Promise<RecordingRow> {
  const row = await recordings.find(callerOf(request).sdkKey, request.params.recordingId)
  if (!row) throw new ApiError(404, 404, 'Recording does not exist')
  return row
}

function describeRecording(row: RecordingRow, now: number): z.infer<typeof recordingSchema> {
  const { recordingId, sessionId, startTime, endTime, bytes, state, reason } = row
  return {
    recording_id: recordingId,
    session_id: sessionId,
    start_time: formatTime(startTime),
    ...(endTime === undefined ? {} : { end_time: formatTime(endTime) }),
    duration: formatDuration((endTime ?? now) - startTime),
    bytes,
    state,
    ...(reason === undefined ? {} : { reason }),
  }
}
