/** A part of a picture, encoded. */
export interface Tile {
  x: number
  y: number
  bytes: Uint8Array<ArrayBuffer>
}

/** What comes of a picture: the tiles that changed since the one before. `empty` when nothing is drawn on it. */
export interface Encoded {
  tiles: Tile[]
  empty: boolean
}

/** Without a picture, what is kept of that number is let go of, and the next picture of it is all new. */
export type Encode = (id: number, bitmap: ImageBitmap | undefined, tileSize: number) => Promise<Encoded>

/** Makes what compares a picture with the one before it and encodes the tiles that differ. Its source text is also run in
 *  a worker, so it uses nothing from outside. */
export function tileEncoder(): Encode {
  const before = new Map<number, { width: number; pixels: Uint32Array }>()
  return async (id, bitmap, tileSize) => {
    if (!bitmap) {
      before.delete(id)
      return { tiles: [], empty: false }
    }
    const { width, height } = bitmap
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d', { willReadFrequently: true })!
    context.drawImage(bitmap, 0, 0)
    bitmap.close()
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
    const known = before.get(id)
    const old = known?.width === width && known.pixels.length === pixels.length ? known.pixels : undefined
    before.set(id, { width, pixels })
    const differs = (left: number, top: number, right: number, bottom: number) => {
      if (!old) return true
      for (let y = top; y < bottom; y++)
        for (let at = y * width + left, end = y * width + right; at < end; at++) if (pixels[at] !== old[at]) return true
      return false
    }
    const size = tileSize || Math.max(width, height)
    const tiles = []
    for (let y = 0; y < height; y += size)
      for (let x = 0; x < width; x += size) {
        const right = Math.min(width, x + size)
        const bottom = Math.min(height, y + size)
        if (!differs(x, y, right, bottom)) continue
        const tile = new OffscreenCanvas(right - x, bottom - y)
        tile.getContext('2d')!.drawImage(canvas, -x, -y)
        const blob = await tile.convertToBlob({ type: 'image/webp', quality: 0.85 })
        tiles.push({ x, y, bytes: new Uint8Array(await blob.arrayBuffer()) })
      }
    return { tiles, empty: tiles.length > 0 && pixels.every((pixel) => pixel === 0) }
  }
}

/** The encoder in a worker; on this thread where the page's policy allows none. */
export function startEncoder(): { encode: Encode; forget(id: number): void; failed(): boolean; close(): void } {
  const here = tileEncoder()
  const waiting = new Map<number, { resolve(encoded: Encoded): void; reject(error: unknown): void }>()
  let jobs = 0
  /** The worker did not start; what it had is to be done anew. */
  let lost = false
  let worker = startWorker()

  function startWorker(): Worker | undefined {
    const source = `const encode=(${tileEncoder})();onmessage=async({data:[job,id,bitmap,size]})=>{try{const done=await encode(id,bitmap,size);postMessage([job,done],done.tiles.map(t=>t.bytes.buffer))}catch(error){postMessage([job,undefined,String(error)])}}`
    const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
    try {
      const started = new Worker(address)
      started.onmessage = ({ data: [job, done, error] }: MessageEvent<[number, Encoded | undefined, string]>) => {
        const { resolve, reject } = waiting.get(job) ?? {}
        waiting.delete(job)
        if (done) resolve?.(done)
        else reject?.(new Error(error))
      }
      started.onerror = (event) => {
        event.preventDefault()
        lost = true
        fall()
      }
      return started
    } catch {
      return undefined
    } finally {
      URL.revokeObjectURL(address)
    }
  }

  function fall(): void {
    worker?.terminate()
    worker = undefined
    for (const { reject } of waiting.values()) reject(new Error('the page allows no worker'))
    waiting.clear()
  }

  const encode: Encode = (id, bitmap, tileSize) => {
    if (!worker) return here(id, bitmap, tileSize)
    const job = ++jobs
    return new Promise((resolve, reject) => {
      waiting.set(job, { resolve, reject })
      try {
        worker?.postMessage([job, id, bitmap, tileSize], bitmap ? [bitmap] : [])
      } catch (error) {
        // The browser hands over no picture with content of another origin.
        waiting.delete(job)
        reject(error)
      }
    })
  }

  return {
    encode,
    forget(id) {
      encode(id, undefined, 0).catch(() => undefined)
    },
    failed() {
      const was = lost
      lost = false
      return was
    },
    close: fall,
  }
}
