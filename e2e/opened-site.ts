import { afterAll } from 'vitest'
import type { ServerOptions } from '../packages/server/index.ts'
import { Harness } from './harness.ts'
import { Site } from './session-site.ts'

/** A server and a site for the tests of a file, closed after them. */
export async function openSite(options?: ServerOptions): Promise<{ harness: Harness; site: Site }> {
  const harness = await Harness.open(options)
  const site = await Site.open(harness)
  afterAll(async () => {
    site.close()
    await harness.close()
  })
  return { harness, site }
}
