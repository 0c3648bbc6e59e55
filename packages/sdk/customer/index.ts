import { readAppKey } from '../connection/app-key.ts'
import { readOrigin } from '../connection/origin.ts'
import { loadChunk } from './chunks.ts'
import { type CustomerSdk, createCustomerSdk } from './sdk.ts'
import type { CustomerSettings } from './settings.ts'

export type { Answer, SessionError } from '../connection/answer.ts'
export type { CustomerSdk, InitAnswer } from './sdk.ts'
export type { SessionEvents } from './session-events.ts'
export type { CustomerSession, SessionInfo, SessionStatus, StartOptions } from './session-face.ts'
export type { CustomerSettings, PanelSettings } from './settings.ts'

/** Settings of `init` from the package: also which site and which server. */
export interface PackageSettings extends CustomerSettings {
  appKey: string
  /** The Alongside server: a host name or an origin. */
  host?: string
  /** The same as `host`. */
  zoomHostName?: string
}

/** Shares this page with an agent by a PIN. */
export const AlongsideSDK: CustomerSdk<PackageSettings> = createCustomerSdk(
  ({ appKey, host, zoomHostName }: PackageSettings) => ({
    sdkKey: readAppKey(appKey),
    origin: readOrigin(host ?? zoomHostName, 'host'),
  }),
  loadChunk,
)

/** The same object under the name that pages written for the Zoom Cobrowse SDK use. */
export const ZoomCobrowseSDK: CustomerSdk<PackageSettings> = AlongsideSDK
