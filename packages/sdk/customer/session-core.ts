import type { MaskPart } from '@alongside/mirror/capture'
import type { Events } from '../connection/events.ts'
import type { KeptSession } from './kept-session.ts'
import type { CustomerTool, Load } from './part.ts'
import type { SessionEvents } from './session-events.ts'
import type { DeviceStart, SessionInfo, StartOptions } from './session-face.ts'
import type { CustomerSettings } from './settings.ts'

/** Which server and which key a session belongs to. */
export interface SessionPlace {
  origin: string
  /** Empty when a script's address does not hold one. */
  sdkKey: string
}

export interface CoreOptions extends SessionPlace {
  settings: CustomerSettings
  /** What the rules of `piiMask` need; undefined where there are none. */
  quiet: MaskPart | undefined
  load: Load
  /** Texts of the errors that the small part raises. */
  errors: object
  events: Events<SessionEvents>
  /** What the page before this one, or another tab, has left to be taken up. */
  kept: KeptSession | undefined
}

/** What the small part of a session that is on every page calls in the large one. All promises reject with an
 *  `AlongsideError`. */
export interface SessionCore {
  start(options: StartOptions | DeviceStart): Promise<object>
  join(): Promise<object>
  end(): Promise<object>
  pause(paused: boolean): Promise<object>
  preview(): Promise<object>
  newPin(): Promise<{ pinCode: string; expiresAt: number }>
  draw(tool?: CustomerTool | false): Promise<object>
  handOff(url: string): Promise<{ url: string }>
  info(): SessionInfo
}
