import { compileMask, type Mask, type MaskPart, type MaskRules } from '@alongside/mirror/capture'
import { AlongsideError, type KeyMask } from '@alongside/protocol'
import type { Load } from './part.ts'
import type { CustomerSettings } from './settings.ts'

/** What is masked on this page now: what its own settings say and what the key says, at the address that is open. */
export class PageMask {
  /** As last compiled; ask `settled` first. */
  mask: Mask = compileMask([])
  /** The rules that count now. */
  rules: readonly MaskRules[] = []
  /** What the key says; undefined when it never said anything. */
  key: KeyMask | undefined
  readonly #page: CustomerSettings['piiMask']
  #quiet: MaskPart | undefined
  #href = ''
  /** Rules of the key are on their way. */
  #waits = false

  /** Throws 1103 with the name of the rule that is not valid. */
  constructor({ piiMask }: CustomerSettings, quiet: MaskPart | undefined) {
    this.#page = piiMask
    this.#quiet = quiet
    if (piiMask) this.#compile()
  }

  /** Whether `mask` is what counts now. It is another one after an address at which other rules count. */
  get settled(): boolean {
    if (this.#quiet && this.#href !== location.href) this.#compile()
    return !this.#waits
  }

  /** Masks what the key says. Nothing is settled until then. Rejects with 1103 with the name of the rule that is not
   *  valid, or with what loading rejects with. */
  async obey(key: KeyMask | undefined, load: Load): Promise<void> {
    this.#waits = true
    this.#quiet ??= await load('quiet').catch(() => {
      throw new AlongsideError(1016)
    })
    this.key = key
    this.#compile()
    this.#waits = false
  }

  #compile(): void {
    this.#href = location.href
    const rules = this.#quiet!.resolveRules(
      { piiMask: this.#page, mask: this.key },
      this.#href,
      this.rules,
      (setting, text) => new AlongsideError(1103, text, { setting }),
    )
    if (rules === this.rules) return
    this.mask = compileMask(rules, this.#quiet)
    this.rules = rules
  }
}
