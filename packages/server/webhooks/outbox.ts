import type { Selectable } from 'kysely'
import type { Database, WebhookOutboxTable } from '../history/schema.ts'
import type { Writing } from '../history/write-queue.ts'

export type OutboxRow = Selectable<WebhookOutboxTable>

/** An endpoint of a key, as the rows name it. */
export interface EndpointName {
  sdkKey: string
  url: string
}

/** Puts a webhook behind those of the same session that the endpoint has not taken. Only the first of a session has a
 *  time to be sent at. */
export async function addToOutbox(
  tx: Writing,
  { sdkKey, url }: EndpointName,
  { sessionId, event, body, time }: { sessionId: string; event: string; body: string; time: number },
): Promise<void> {
  const ahead = await tx
    .selectFrom('webhook_outbox')
    .select('id')
    .where('sdk_key', '=', sdkKey)
    .where('url', '=', url)
    .where('session_id', '=', sessionId)
    .limit(1)
    .executeTakeFirst()
  await tx
    .insertInto('webhook_outbox')
    .values({
      sdk_key: sdkKey,
      url,
      session_id: sessionId,
      event,
      body,
      created_time: time,
      attempts: 0,
      next_time: ahead ? null : time,
    })
    .execute()
}

/** Those that may be sent now: the first of each session, as far as its time has come. `before` leaves out the younger
 *  ones. */
export function findDue(
  database: Database,
  { sdkKey, url }: EndpointName,
  { now, not, limit, before }: { now: number; not: number[]; limit: number; before?: number },
): Promise<OutboxRow[]> {
  let query = database
    .selectFrom('webhook_outbox')
    .selectAll()
    .where('sdk_key', '=', sdkKey)
    .where('url', '=', url)
    .where('next_time', '<=', now)
  if (not.length) query = query.where('id', 'not in', not)
  if (before !== undefined) query = query.where('created_time', '<=', before)
  return query.orderBy('next_time').orderBy('id').limit(limit).execute()
}

/** When the next one is due that is not on its way. */
export async function findNextTime(
  database: Database,
  { sdkKey, url }: EndpointName,
  not: number[],
): Promise<number | undefined> {
  let query = database
    .selectFrom('webhook_outbox')
    .select((is) => is.fn.min('next_time').as('time'))
    .where('sdk_key', '=', sdkKey)
    .where('url', '=', url)
  if (not.length) query = query.where('id', 'not in', not)
  return (await query.executeTakeFirst())?.time ?? undefined
}

export async function putOff(tx: Writing, { id }: OutboxRow, attempts: number, nextTime: number): Promise<void> {
  await tx.updateTable('webhook_outbox').set({ attempts, next_time: nextTime }).where('id', '=', id).execute()
}

/** Takes one away, delivered or given up; the next of its session may go at once. */
export async function removeFromOutbox(tx: Writing, row: OutboxRow, now: number): Promise<void> {
  await tx.deleteFrom('webhook_outbox').where('id', '=', row.id).execute()
  const next = await tx
    .selectFrom('webhook_outbox')
    .select('id')
    .where('sdk_key', '=', row.sdk_key)
    .where('url', '=', row.url)
    .where('session_id', '=', row.session_id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (next) await tx.updateTable('webhook_outbox').set({ next_time: now }).where('id', '=', next.id).execute()
}

/** Takes away what is meant for endpoints that are no longer set, and answers how many there were. */
export async function removeForgotten(tx: Writing, endpoints: readonly EndpointName[]): Promise<number> {
  const present = await tx.selectFrom('webhook_outbox').select(['sdk_key', 'url']).distinct().execute()
  let removed = 0
  for (const { sdk_key: sdkKey, url } of present) {
    if (endpoints.some((endpoint) => endpoint.sdkKey === sdkKey && endpoint.url === url)) continue
    const { numDeletedRows } = await tx
      .deleteFrom('webhook_outbox')
      .where('sdk_key', '=', sdkKey)
      .where('url', '=', url)
      .executeTakeFirst()
    removed += Number(numDeletedRows)
  }
  return removed
}
