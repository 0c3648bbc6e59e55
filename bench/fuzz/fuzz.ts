import type { Decoder } from './decoders.ts'
import { mutate, randomFrom } from './mutate.ts'

export interface FuzzReport {
  frames: number
  /** Frames that were refused as they should be: the rest was read to its end. */
  refused: number
  /** Whatever else the decoder threw: what it is, and the bytes. */
  crash?: { error: string; bytes: string }
  slowestMs: number
}

/** Feeds a decoder mutated frames. Stops at the first crash. */
export function fuzz(decoder: Decoder, frames: number, seed: number): FuzzReport {
  const random = randomFrom(seed)
  const { stackTraceLimit } = Error
  // Most of the time would go into the stacks of refusals.
  Error.stackTraceLimit = 0
  const { corpus } = decoder
  const report: FuzzReport = { frames: 0, refused: 0, slowestMs: 0 }
  while (report.frames < frames && !report.crash) {
    // The first ones come more often: what comes before a later one has to be read each time.
    const number = random(4) === 0 ? random(corpus.length) : random(Math.min(3, corpus.length))
    const bytes = mutate(random, corpus[number]!, corpus)
    report.frames++
    const begin = performance.now()
    try {
      decoder.read(bytes, number)
    } catch (error) {
      if (decoder.refuses(error)) report.refused++
      else report.crash = { error: String(error), bytes: Buffer.from(bytes).toString('hex') }
    }
    report.slowestMs = Math.max(report.slowestMs, performance.now() - begin)
  }
  Error.stackTraceLimit = stackTraceLimit
  return report
}
