import { z } from 'zod'
import type { Database } from './history/schema.ts'
import type { Key } from './key.ts'
import { keyMaskSchema } from './key-mask.ts'
import { companySchema } from './shown-name.ts'

/** What of a key may be changed while the server runs. Null goes back to the configuration. */
export const settingsPatch = z.strictObject({
  company: companySchema.nullable().exactOptional(),
  consent: z.enum(['always', 'agent_initiated']).nullable().exactOptional(),
  recording: z.enum(['off', 'on']).nullable().exactOptional(),
  recordingDays: z.int().min(1).max(3_650).nullable().exactOptional(),
  mask: keyMaskSchema.nullable().exactOptional(),
  features: z
    .strictObject({
      agentAnnotation: z.boolean().nullable().exactOptional(),
      customerAnnotation: z.boolean().nullable().exactOptional(),
      remoteAssist: z.boolean().nullable().exactOptional(),
      multiTab: z.boolean().nullable().exactOptional(),
      presence: z.boolean().nullable().exactOptional(),
      sessionList: z.boolean().nullable().exactOptional(),
    })
    .exactOptional(),
})
export type SettingsPatch = z.infer<typeof settingsPatch>

/** The keys as they are now: the configuration, and over it what was changed at run time, which the database keeps.
 *  A session keeps the settings that it began with, but for the mask. */
export class LiveKeys {
  /** By SDK key. Look a key up at each use: a change puts another object in its place. */
  readonly bySdkKey: ReadonlyMap<string, Key>
  readonly #live: Map<string, Key>
  readonly #configured: ReadonlyMap<string, Key>
  readonly #database: Database
  /** Called when a key masks otherwise. */
  onMask: (key: Key) => void = () => undefined
  #work: Promise<unknown> = Promise.resolve()

  private constructor(configured: readonly Key[], database: Database) {
    this.#configured = new Map(configured.map((key) => [key.sdkKey, key]))
    this.#live = new Map(this.#configured)
    this.bySdkKey = this.#live
    this.#database = database
  }

  static async load(configured: readonly Key[], database: Database): Promise<LiveKeys> {
    const keys = new LiveKeys(configured, database)
    for (const { sdk_key, settings } of await database.selectFrom('key_settings').selectAll().execute()) {
      // Settings of a key that was taken out of the configuration are kept for when it comes back.
      if (keys.#configured.has(sdk_key)) keys.#apply(sdk_key, parse(settings))
    }
    return keys
  }

  /** Changes settings of a key and answers it as it is then. Changes come one after the other; `check` sees the key right
   *  before its own, and refuses it by throwing. */
  change(sdkKey: string, patch: SettingsPatch, now: number, check?: (before: Key) => void): Promise<Key> {
    const result = this.#work.then(async () => {
      const live = this.#live.get(sdkKey)
      if (live) check?.(live)
      const row = await this.#database
        .selectFrom('key_settings')
        .select('settings')
        .where('sdk_key', '=', sdkKey)
        .executeTakeFirst()
      const before = row ? parse(row.settings) : {}
      const merged = { ...before, ...patch, features: { ...before.features, ...patch.features } }
      const settings = JSON.stringify(merged)
      await this.#database
        .insertInto('key_settings')
        .values({ sdk_key: sdkKey, settings, changed_time: now })
        .onConflict((conflict) => conflict.column('sdk_key').doUpdateSet({ settings, changed_time: now }))
        .execute()
      const key = this.#apply(sdkKey, merged)
      if (patch.mask !== undefined) this.onMask(key)
      return key
    })
    this.#work = result.catch(() => undefined)
    return result
  }

  #apply(sdkKey: string, patch: SettingsPatch): Key {
    const configured = this.#configured.get(sdkKey)
    if (!configured) throw new Error(`There is no key ${sdkKey}.`)
    const { features, ...rest } = patch
    const key: Key = {
      ...configured,
      ...withoutNulls(rest),
      features: { ...configured.features, ...withoutNulls(features ?? {}) },
    }
    this.#live.set(sdkKey, key)
    return key
  }
}

function parse(text: string): SettingsPatch {
  return settingsPatch.parse(JSON.parse(text))
}

type NonNull<T> = { [K in keyof T]: Exclude<T[K], null> }

function withoutNulls<T extends object>(values: T): Partial<NonNull<T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<NonNull<T>>
}
