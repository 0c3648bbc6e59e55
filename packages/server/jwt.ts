import { jwtVerify } from 'jose'
import type { Clock } from './clock.ts'

/** How far another server's clock may run ahead of ours. `exp` gets no such grace. */
export const CLOCK_SKEW_SECONDS = 30

/** Longer than any token that we read: claims with names of 80 characters. */
export const MAX_TOKEN_CHARACTERS = 4_096

/** The payload of a JWT that is strictly written, signed with HS256 by one of the secrets, and within its `nbf` and
 *  `exp`; undefined for any other text. `findSecrets` is told what the token claims, before anything is verified. */
export async function readJwt(
  token: string,
  findSecrets: (unverified: unknown) => readonly Uint8Array[],
  clock: Clock,
): Promise<unknown> {
  const now = Math.floor(clock.now() / 1000)
  // Every secret of a key counts until it is taken out, so that its owner can change to the next one at leisure.
  for (const secret of findSecrets(readUnverified(token))) {
    const verified = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      currentDate: new Date(now * 1000),
      clockTolerance: CLOCK_SKEW_SECONDS,
    }).catch(() => undefined)
    if (verified) return isJwtType(verified.protectedHeader.typ) ? verified.payload : undefined
  }
  return undefined
}

function isJwtType(typ: string | undefined): boolean {
  return typ === undefined || typ.toUpperCase() === 'JWT'
}

function readUnverified(token: string): unknown {
  if (token.length > MAX_TOKEN_CHARACTERS) return undefined
  const parts = token.split('.')
  if (parts.length !== 3 || !parts.every(isStrictBase64Url)) return undefined
  try {
    return JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}

// jose decodes padded, plain base64 and non-canonical forms too, so one token would have many spellings.
function isStrictBase64Url(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}
