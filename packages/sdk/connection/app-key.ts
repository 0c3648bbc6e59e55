import { AlongsideError } from '@alongside/protocol'

/** Throws 1103 unless the SDK key is a text. */
export function readAppKey(appKey: unknown): string {
  if (typeof appKey === 'string' && appKey) return appKey
  throw new AlongsideError(1103, 'appKey: expected the SDK key of your site.', { setting: 'appKey' })
}
