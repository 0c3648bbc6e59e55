import { compileMask, type Mask, type MaskPart, type MaskRules } from '@alongside/mirror/capture'
import { AlongsideError, type KeyMask } from '@alongside/protocol'
import type { Load } from './part.ts'
import type { CustomerSettings } from './settings.ts'

/** Where the rules of each layer were set. */
const LAYERS = ['piiMask', 'mask']

/** What is masked on this page now: what its own settings say and what the key says, at the address that is open. */
export class PageMask {
  /** As last compiled; ask `settled` first. */
  mask: Mask
  /** The rules that count now. */
  rules: readonly MaskRules[] = []
  readonly #load: Load
  readonly #page: MaskRules | undefined
  #key: KeyMask | undefined
  #quiet: MaskPart | undefined
  #href = ''
  /** Rules of the key are on their way. */
  #waits = false

  /** Throws 1103 with the name of the rule that is not valid. */
  constructor({ piiMask }: CustomerSettings, quiet: MaskPart | undefined, load: Load) {
    this.#load = load
    this.#page = piiMask && { maskType: 'custom_input', ...piiMask }
    this.#quiet = quiet
    this.mask = compileMask([])
    this.#compile()
  }

  /** Whether `mask` is what counts now. It is another one after an address at which other rules count. */
  get settled(): boolean {
    if (this.#waits) return false
    if (this.#quiet && this.#href !== location.href) this.#compile()
    return true
  }

  /** Whether the key says what it has said before. */
  isKnown(key: KeyMask | undefined): boolean {
    return JSON.stringify(key) === JSON.stringify(this.#key)
  }

  /** Masks what the key says. Nothing is settled until then. Rejects with 1103 with the name of the rule that is not
   *  valid, or with 1016. */
  async obey(key: KeyMask | undefined): Promise<void> {
    this.#waits = true
    this.#key = key
    if (key)
      this.#quiet ??= await this.#load('quiet').catch(() => {
        throw new AlongsideError(1016)
      })
    this.#compile()
    this.#waits = false
  }

  #compile(): void {
    this.#href = location.href
    if (!this.#page && !this.#key) return
    const layers = [this.#page ?? { maskType: 'custom_input' as const }]
    if (this.#key) layers.push({ maskType: 'custom_input', ...this.#key })
    try {
      const rules = this.#quiet!.resolveRules(layers, this.#href)
      if (JSON.stringify(rules) === JSON.stringify(this.rules)) return
      this.mask = compileMask(rules, this.#quiet)
      this.rules = rules
    } catch (error) {
      // The part has a class of its own.
      if (!(error instanceof Error && 'layer' in error && 'setting' in error)) throw error
      const setting = `${LAYERS[error.layer as number]}.${error.setting}`
      throw new AlongsideError(1103, `${setting}: ${error.message}. Nothing is shared until it is corrected.`, {
        setting,
      })
    }
  }
}
