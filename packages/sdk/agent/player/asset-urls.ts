import type { RecordedFile } from './read-recording.ts'

/** Addresses of a recording's pictures and fonts, which are made when they are first asked for. The policy of the copy
 *  allows pictures by `blob:` and fonts by `data:`. */
export class AssetUrls {
  readonly #files: ReadonlyMap<string, RecordedFile>
  readonly #urls = new Map<RecordedFile, string>()

  constructor(files: ReadonlyMap<string, RecordedFile>) {
    this.#files = files
  }

  /** Empty where the recording has no such file. */
  of(key: string): string {
    const file = this.#files.get(key)
    if (!file) return ''
    const url = this.#urls.get(file) ?? makeUrl(file)
    this.#urls.set(file, url)
    return url
  }

  close(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url)
    this.#urls.clear()
  }
}

function makeUrl({ type, bytes }: RecordedFile): string {
  if (!type.startsWith('font/')) return URL.createObjectURL(new Blob([bytes], { type }))
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return `data:${type};base64,${btoa(text)}`
}
