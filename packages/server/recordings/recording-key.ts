import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
export const NONCE_BYTES = 12
export const TAG_BYTES = 16

/** The key that wraps the keys of all recordings, from a text of the administrator's. */
export function deriveMasterKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'alongside recordings', KEY_BYTES))
}

export function makeRecordingKey(): Buffer {
  return randomBytes(KEY_BYTES)
}

/** Nonce, ciphertext and tag. `about` is what the same bytes must be opened with. */
export function seal(key: Uint8Array, about: string, plain: readonly Uint8Array[]): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about))
  const parts = plain.map((part) => cipher.update(part))
  return Buffer.concat([nonce, ...parts, cipher.final(), cipher.getAuthTag()])
}

/** Undefined when the bytes were not sealed with that key and word. */
export function unseal(key: Uint8Array, about: string, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const end = sealed.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(about))
  decipher.setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()])
  } catch {
    return undefined
  }
}
