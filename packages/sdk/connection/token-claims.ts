import { AlongsideError } from '@alongside/protocol'

/** What a page can see of a token before the server judges it. Undefined where the token does not say so. */
interface TokenClaims {
  appKey: string | undefined
  ownPin: boolean | undefined
}

/** Reads a token without verifying it. Throws 2001 when it is missing or was made for another SDK key than the page's
 *  (an empty `sdkKey` is not known); one that cannot be read is left to the server. */
export function readToken(sdkToken: unknown, sdkKey: string): TokenClaims {
  if (typeof sdkToken !== 'string' || !sdkToken)
    throw new AlongsideError(2001, 'sdkToken is missing. Get a token from your server.')
  const claims = decode(sdkToken)
  if (sdkKey && claims.appKey !== undefined && claims.appKey !== sdkKey)
    throw new AlongsideError(2001, 'The token was made for another SDK key. Use the same key for page and token.')
  return claims
}

function decode(token: string): TokenClaims {
  try {
    const payload: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
    if (typeof payload === 'object' && payload !== null) {
      const { app_key, enable_byop } = payload as Record<string, unknown>
      return { appKey: typeof app_key === 'string' ? app_key : undefined, ownPin: enable_byop === 1 }
    }
  } catch {
    // No token of ours: the server answers 2001.
  }
  return { appKey: undefined, ownPin: undefined }
}
