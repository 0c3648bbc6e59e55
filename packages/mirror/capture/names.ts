/** Words a page may bring before new ones all read alike: about 4 MB. */
const MAX_WORDS = 50_000

/** Whole names kept with their answer: nearly every class of a page comes many times. */
const MAX_CACHED = 20_000

/** Gives the words in classes, ids and selectors other names, the same for the same word, so that the sheets of a page
 *  go on fitting its elements while no name spells anything. Punctuation stays, and no name is a part of another one:
 *  `[class*="col-"]` finds in the copy what it finds on the page. Upper and lower case are one, as in quirks mode. */
export class Names {
  readonly #words = new Map<string, string>()
  readonly #cache = new Map<string, string>()

  rename(text: string): string {
    const cached = this.#cache.get(text)
    if (cached !== undefined) return cached
    const renamed = text.replace(/[^\s!-/:-@[-`{-~]+/g, (word) => this.#word(word.toLowerCase()))
    if (this.#cache.size < MAX_CACHED) this.#cache.set(text, renamed)
    return renamed
  }

  #word(word: string): string {
    let name = this.#words.get(word)
    if (name) return name
    if (this.#words.size >= MAX_WORDS) return 'k0z'
    name = `k${this.#words.size + 1}z`
    this.#words.set(word, name)
    return name
  }
}
