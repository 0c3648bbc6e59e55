/** Whether this browser has the native streams. Frames go uncompressed without them. */
export const canDeflate = typeof CompressionStream === 'function'

/** Compresses with deflate-raw, off the main thread. */
export function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return collect(through(bytes, new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY)
}

/** The opposite of `deflate`. Rejects when the result would be larger than `limit` bytes, or `bytes` is not deflate. */
export function inflate(bytes: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  return collect(through(bytes, new DecompressionStream('deflate-raw')), limit)
}

function through(bytes: Uint8Array<ArrayBuffer>, transform: GenericTransformStream): ReadableStream<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  return source.pipeThrough(transform as ReadableWritablePair<Uint8Array, Uint8Array>)
}

async function collect(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    length += step.value.length
    if (length > limit) {
      reader.cancel().catch(() => {})
      throw new RangeError(`inflates to more than ${limit} bytes`)
    }
    chunks.push(step.value)
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
