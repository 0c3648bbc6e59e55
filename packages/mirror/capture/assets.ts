import type { AssetAddress } from '../wire/index.ts'
import { baseUri } from './natives.ts'

/** Gives the key under which an asset store will hold what an address names, or undefined for what is not to be shown.
 *  Called with absolute addresses; the same address gets the same key. */
export type AssetKey = (address: string) => string | undefined

/** Before a key on the wire. */
const SCHEME = 'asset:'

/** The pictures and fonts of a page as the wire names them: by keys, never by their addresses. */
export class Assets {
  readonly #key: AssetKey
  #base: Node | string = ''

  constructor(key: AssetKey = () => undefined) {
    this.#key = key
  }

  /** Reads addresses relative to an address, or to the base of a node. Good until the next call: it is made for every
   *  attribute, and few of them name anything. */
  relativeTo(base: Node | string): AssetAddress {
    this.#base = base
    return this.#address
  }

  readonly #address: AssetAddress = (address) => {
    const base = typeof this.#base === 'string' ? this.#base : baseUri(this.#base)
    if (!address || !URL.canParse(address, base)) return undefined
    const { protocol, href } = new URL(address, base)
    const key = /^(https?|blob):$/.test(protocol) ? this.#key(href) : undefined
    return key === undefined ? undefined : SCHEME + key
  }
}
