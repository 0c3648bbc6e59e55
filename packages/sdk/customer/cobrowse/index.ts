import { loadChunk } from '../chunks.ts'
import { type Cobrowse, createCobrowse } from './cobrowse-client.ts'

export type { Cobrowse, CobrowseProperties, CobrowseStart, Views } from './cobrowse-client.ts'
export type { CobrowseSession, CobrowseState } from './cobrowse-session.ts'

/** Shares this page with an agent, for pages that are written for Cobrowse.io: set `license` to the SDK key and `api` to
 *  the Alongside server. */
const CobrowseIO: Cobrowse = createCobrowse({ loadFrom: () => loadChunk })

export default CobrowseIO
