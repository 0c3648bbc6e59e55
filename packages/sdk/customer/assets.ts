import { ASSET_WAIT_MS, MAX_ASSET_BYTES, MAX_ASSETS, sniffAsset } from '@alongside/protocol'
import type { Clock } from '../connection/clock.ts'

/** Files that are read and brought at once: the page needs the line for itself. */
const MAX_AT_ONCE = 4

/** How long a file may take to be read: less than an agent's browser waits for it. */
const READ_TIMEOUT_MS = ASSET_WAIT_MS - 5_000

/** How long after a failed upload its second try begins. */
const RETRY_MS = 1_000

/** Answers after which a second try would be answered the same. */
const FINAL_STATUS = new Set([403, 413, 415])

/** Types by which a site may offer pictures and fonts. What has none says by its first bytes what it is. */
const OFFERED = /^(image\/|font\/|application\/(x-)?font|(application|binary)\/octet-stream|$)/i
const UNTYPED = /octet-stream|^$/

// The browser's own when the SDK loads: a page that replaces it later neither sees nor stops what is brought.
const nativeFetch = globalThis.fetch.bind(globalThis)

type Bytes = Uint8Array<ArrayBuffer>

interface Job {
  address: string
  key: string
}

/** Brings one file, or the word that there is none. Answers whether that is settled. */
export type BringAsset = (key: string, file: Bytes | undefined, signal: AbortSignal) => Promise<boolean>

export interface AssetsOptions {
  clock: Clock
  /** The server's. */
  origin?: string
  /** Brings files instead of an upload to the server. */
  bring?: BringAsset
  /** What all keys begin with; drawn at random otherwise. */
  prefix?: string
  /** For tests; the browser's otherwise. */
  fetch?: typeof fetch
}

/** Brings the page's pictures and fonts to the server, for the agents of this session. Each address is read once, with
 *  the customer's cookies on the page's own origin; what its content becomes later is not followed. What the browser may
 *  not read is reported as missing. Nothing here ever throws into the page. */
export class Assets {
  readonly #options: AssetsOptions
  readonly #fetch: typeof fetch
  /** Before the number of a key: whoever knows one page's keys knows nothing of another's. */
  readonly prefix: string
  readonly #keys = new Map<string, string>()
  /** Addresses whose files are in the server's present store, or on their way there. */
  readonly #brought = new Set<string>()
  readonly #queue: Job[] = []
  /** The server's word that this page may upload. */
  #ticket = ''
  #store = ''
  #running = 0
  /** While an agent looks. */
  #looking: AbortController | undefined

  constructor(options: AssetsOptions) {
    this.#options = options
    this.#fetch = options.fetch ?? nativeFetch
    this.prefix = options.prefix ?? makePrefix()
  }

  /** Each `started` and `resumed` brings another ticket. A store that this page does not know is empty, so whatever is
   *  asked for from then on is brought again. */
  use(ticket: string, store: string): void {
    this.#ticket = ticket
    if (this.#store === store) return
    this.#store = store
    this.#brought.clear()
    this.#queue.length = 0
  }

  /** The key of an address, always the same one, whose file is then on its way. Undefined beyond `MAX_ASSETS`. */
  readonly key = (address: string): string | undefined => {
    const key = this.#keys.get(address) ?? this.#newKey()
    if (key === undefined || this.#brought.has(address)) return key
    this.#keys.set(address, key)
    this.#brought.add(address)
    this.#queue.push({ address, key })
    // Capture calls this while it reads the page: whatever takes time comes after.
    if (this.#queue.length === 1) this.#options.clock.after(0, () => this.#begin())
    return key
  }

  addressOf(wanted: string): string | undefined {
    for (const [address, key] of this.#keys) if (key === wanted) return address
    return undefined
  }

  /** An agent looks: what waits is brought. */
  open(): void {
    this.#looking ??= new AbortController()
    this.#begin()
  }

  /** Nobody looks. What is under way is broken off and begins anew with the next `open`. May be called twice. */
  close(): void {
    this.#looking?.abort()
    this.#looking = undefined
  }

  /** Uploads a file that somebody else has read, under a key of theirs. Answers whether that is settled. */
  async take(key: string, file: Bytes | undefined): Promise<boolean> {
    return this.#looking !== undefined && this.#upload(key, file, this.#looking.signal)
  }

  #newKey(): string | undefined {
    const { size } = this.#keys
    return size < MAX_ASSETS ? `${this.prefix}-${size.toString(36)}` : undefined
  }

  #begin(): void {
    const signal = this.#looking?.signal
    while (signal && this.#running < MAX_AT_ONCE) {
      const job = this.#queue.shift()
      if (!job) return
      this.#running++
      this.#bring(job, signal)
        // The page's pictures are not worth an error in its console.
        .catch(() => {})
        .finally(() => {
          this.#running--
          this.#begin()
        })
    }
  }

  async #bring(job: Job, signal: AbortSignal): Promise<void> {
    const file = await this.#read(job.address, signal)
    const isSettled = (await this.#upload(job.key, file, signal)) || (await this.#uploadAgain(job.key, file, signal))
    if (!isSettled && signal.aborted) this.#queue.unshift(job)
  }

  /** The file of an address, or undefined when there is none that may be shown. */
  async #read(address: string, signal: AbortSignal): Promise<Bytes | undefined> {
    const reading = new AbortController()
    const stop = () => reading.abort()
    const cancel = this.#options.clock.after(READ_TIMEOUT_MS, stop)
    signal.addEventListener('abort', stop)
    try {
      const response = await this.#fetch(address, {
        // Cookies for the page's own origin only; a redirect away from it takes none along.
        credentials: 'same-origin',
        cache: 'force-cache',
        priority: 'low',
        signal: reading.signal,
      })
      const type = response.headers.get('content-type') ?? ''
      const body = response.ok && OFFERED.test(type) ? await readAll(response, MAX_ASSET_BYTES) : undefined
      if (!body) return undefined
      const kind = sniffAsset(body)
      // No browser shows an SVG that does not call itself one.
      return kind === undefined || (kind === 'image/svg+xml' && UNTYPED.test(type)) ? undefined : body
    } catch {
      // Of another origin that does not share it, gone, too slow, or forbidden by the page's policy.
      return undefined
    } finally {
      cancel()
      signal.removeEventListener('abort', stop)
      // Does nothing to a file that was read to its end.
      stop()
    }
  }

  /** Whether the server has answered for good. */
  async #upload(key: string, file: Bytes | undefined, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false
    if (this.#options.bring) return this.#options.bring(key, file, signal)
    try {
      const { ok, status } = await this.#fetch(`${this.#options.origin}/assets/${this.#ticket}/${key}`, {
        method: 'PUT',
        mode: 'cors',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        priority: 'low',
        signal,
        ...(file
          ? { body: file, headers: { 'content-type': 'application/octet-stream' } }
          : { headers: { 'x-alongside-missing': '1' } }),
      })
      return ok || FINAL_STATUS.has(status)
    } catch {
      return false
    }
  }

  async #uploadAgain(key: string, file: Bytes | undefined, signal: AbortSignal): Promise<boolean> {
    await this.#wait(RETRY_MS, signal)
    return this.#upload(key, file, signal)
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const finish = () => {
        cancel()
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const cancel = this.#options.clock.after(ms, finish)
      signal.addEventListener('abort', finish)
    })
  }
}

function makePrefix(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The body of a response; undefined as soon as it is longer than `limit` bytes. */
async function readAll(response: Response, limit: number): Promise<Bytes | undefined> {
  const reader = response.body?.getReader()
  if (!reader || Number(response.headers.get('content-length')) > limit) return undefined
  const chunks: Bytes[] = []
  let length = 0
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    length += step.value.length
    if (length > limit) return undefined
    chunks.push(step.value)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}
