import { answer, type Callback, type SessionError } from '../connection/answer.ts'
import { findKept } from './kept-session.ts'
import type { LoadCore, SessionPlace } from './session-core.ts'
import { type CustomerSession, createSession } from './session-face.ts'
import { type CustomerSettings, readSettings } from './settings.ts'

/** What the callback of `init` gets. */
export type InitAnswer =
  | { success: true; session: CustomerSession; error?: undefined }
  | { success: false; session?: undefined; error: SessionError }

export interface CustomerSdk<Settings> {
  /** Makes a session. With a callback it is answered there; without one the promise rejects with an `AlongsideError`
   *  when a setting is wrong (1103). */
  init(settings: Settings, callback: (answer: InitAnswer) => void): Promise<InitAnswer>
  init(settings?: Settings): Promise<{ session: CustomerSession }>
}

/** Makes the public object. `readPlace` finds the server and the key, and throws 1103 when the settings do not name
 *  them. */
export function createCustomerSdk<Settings extends CustomerSettings>(
  readPlace: (settings: Settings) => SessionPlace,
  loadCore: LoadCore,
): CustomerSdk<Settings> {
  const open = async (settings: Settings | undefined) => {
    const checked = readSettings(settings)
    const place = readPlace((settings ?? {}) as Settings)
    const kept = await findKept(checked, place.origin)
    return { session: createSession(place, checked, loadCore, kept) }
  }
  function init(settings: Settings, callback: (answer: InitAnswer) => void): Promise<InitAnswer>
  function init(settings?: Settings): Promise<{ session: CustomerSession }>
  function init(
    settings?: Settings,
    callback?: Callback<InitAnswer>,
  ): Promise<InitAnswer | { session: CustomerSession }> {
    if (typeof callback !== 'function') return open(settings)
    return answer(() => open(settings), callback)
  }
  return { init }
}
