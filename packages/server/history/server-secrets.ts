import { randomBytes } from 'node:crypto'
import type { Database } from './schema.ts'

/** A secret of the server itself that must be the same after a restart: 32 bytes, drawn when it is asked for first. */
export async function keepSecret(database: Database, name: string): Promise<Uint8Array> {
  await database
    .insertInto('server_secrets')
    .values({ name, value: randomBytes(32).toString('base64url') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { value } = await database
    .selectFrom('server_secrets')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return Buffer.from(value, 'base64url')
}
