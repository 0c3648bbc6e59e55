import type { MaskRules } from '@alongside/mirror/capture'

/** The version of what page and guest say to each other. */
export const GUEST_VERSION = 2

/** What a page asks a framed one, with a port to answer on. The browser gives it to documents of one origin only. */
export interface GuestOffer {
  alongside: 'guest'
  version: number
  /** What is masked around the iframe, and the decision for the iframe itself. */
  mask: readonly MaskRules[]
  base: number
  /** Origins of iframes in this one that may hand in their content. */
  trustedOrigins: readonly string[]
  /** What the keys of the guest's pictures and fonts begin with. */
  prefix: string
}

/** What a page says to its guest. Streams are numbered by the page, one for each agent. */
export type ToGuest =
  | { type: 'open'; stream: number }
  /** The stream's last frame is on its way: one more may come. The first needs none. */
  | { type: 'next'; stream: number }
  | { type: 'close'; stream: number }
  /** Whether the server has what was brought under a key. */
  | { type: 'brought'; key: string; settled: boolean }
  /** Nobody looks any more. */
  | { type: 'end' }

/** What a guest says to the page around it. */
export type FromGuest =
  /** `loading`: the iframe's `load` event for this document is still to come. */
  | { type: 'ready'; loading: boolean }
  | { type: 'frame'; stream: number; frame: Uint8Array<ArrayBuffer> }
  | { type: 'asset'; key: string; file?: Uint8Array<ArrayBuffer> }
  /** The document is left, or shows nothing. `final`: asking it again would be answered the same. */
  | { type: 'gone'; final: boolean }

/** What came from a guest, or undefined for what none says. */
export function readFromGuest(data: unknown): FromGuest | undefined {
  if (typeof data !== 'object' || data === null || !('type' in data)) return undefined
  const given = data as Record<string, unknown>
  switch (given.type) {
    case 'ready':
      return { type: 'ready', loading: given.loading === true }
    case 'gone':
      return { type: 'gone', final: given.final === true }
    case 'frame': {
      const { stream, frame } = given
      return typeof stream === 'number' && isBytes(frame) ? { type: 'frame', stream, frame } : undefined
    }
    case 'asset': {
      const { key, file } = given
      if (typeof key !== 'string') return undefined
      if (file === undefined) return { type: 'asset', key }
      return isBytes(file) ? { type: 'asset', key, file } : undefined
    }
    default:
      return undefined
  }
}

function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array && value.buffer instanceof ArrayBuffer
}
