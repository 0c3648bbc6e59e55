import { watchPasswords } from '@alongside/mirror/capture/was-password'
import { answer, type Callback, type SessionError } from '../connection/answer.ts'
import { takeHandOff } from './hand-off.ts'
import { findKept } from './kept-session.ts'
import type { Load } from './part.ts'
import { readDeviceId } from './presence/device-id.ts'
import type { SessionPlace } from './session-core.ts'
import { type CustomerSession, createSession, type DeviceStart } from './session-face.ts'
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
  /** Resolves with this object when it is ready to be used. */
  client(): Promise<CustomerSdk<Settings>>
}

/** Makes the public object. `readPlace` finds the server and the key, and throws 1103 when the settings do not name
 *  them. `onInit` learns what the page gives, checked or not. */
export function createCustomerSdk<Settings extends CustomerSettings>(
  readPlace: (settings: Settings) => SessionPlace,
  load: Load,
  onInit: (settings: Settings | undefined) => void = () => {},
): CustomerSdk<Settings> {
  let handedOver = takeHandOff()
  watchPasswords()

  const open = async (settings: Settings | undefined) => {
    const checked = readSettings(settings)
    const place = readPlace((settings ?? {}) as Settings)
    const found = handedOver
    handedOver = undefined
    const kept = await findKept(checked, place.origin, found)
    const session = createSession(place, checked, load, kept)
    if (checked.registration) void register(place, checked, session)
    return { session }
  }

  const register = async (place: SessionPlace, { customData = {} }: CustomerSettings, session: CustomerSession) => {
    // Without it the page works as before; the next one tries again.
    const loaded = await load('presence').catch(() => undefined)
    const start = async (options: DeviceStart) => (await session.start(options)).success
    if (loaded) new loaded.Presence({ ...place, deviceId: readDeviceId(), customData, start })
  }

  function init(settings: Settings, callback: (answer: InitAnswer) => void): Promise<InitAnswer>
  function init(settings?: Settings): Promise<{ session: CustomerSession }>
  function init(
    settings?: Settings,
    callback?: Callback<InitAnswer>,
  ): Promise<InitAnswer | { session: CustomerSession }> {
    onInit(settings)
    if (typeof callback !== 'function') return open(settings)
    return answer(() => open(settings), callback)
  }
  const sdk: CustomerSdk<Settings> = { init, client: () => Promise.resolve(sdk) }
  return sdk
}
