import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { FrameReader, OPS, STATES, WireError } from '../../packages/mirror/wire/index.ts'
import { DECODERS, type Decoder, knownOperations } from './decoders.ts'
import { fuzz } from './fuzz.ts'

/** A long run: `FUZZ_FRAMES=10000000 npx vitest run --project node --testTimeout 0 bench/fuzz`. */
const FRAMES = Number(process.env.FUZZ_FRAMES ?? 20_000)
const SEED = Number(process.env.SEED ?? randomBytes(4).readUInt32BE())

/** What mutated frames of a few kilobytes may make a decoder hold, and the collector not yet have taken. */
const MAX_GROWTH_BYTES = 400 * 1024 * 1024

test('LIM-30 what is mutated holds every operation of the wire, and every kind of state', () => {
  const states = Object.keys(STATES).map((name) => `state ${name}`)
  expect([...knownOperations()].toSorted()).toEqual([...Object.keys(OPS), ...states].toSorted())
})

const DECODER_ROWS = Object.entries(DECODERS)

test.each(DECODER_ROWS)('LIM-31 mutated input of a %s is read or refused, and no more', (name, decoder) => {
  const before = process.memoryUsage().rss
  const report = fuzz(decoder, Math.ceil((FRAMES * decoder.share) / 100), SEED)
  const growth = process.memoryUsage().rss - before
  console.log(name, { seed: SEED, ...report, growthMb: Math.round(growth / 1024 / 1024) })
  expect(report.crash).toBeUndefined()
  expect(growth).toBeLessThan(MAX_GROWTH_BYTES)
})

/** Decoders with one fault planted in each. */
const PLANTED: Record<string, Decoder> = {
  'a count that nobody checks': {
    ...DECODERS['mirror frame']!,
    read(bytes, number) {
      const { count } = FrameReader.prototype
      FrameReader.prototype.count = FrameReader.prototype.uint
      try {
        DECODERS['mirror frame']!.read(bytes, number)
      } finally {
        FrameReader.prototype.count = count
      }
    },
  },
  'a field that is taken for granted': {
    ...DECODERS['control message']!,
    read: (bytes) => void JSON.parse(new TextDecoder().decode(bytes)).type.length,
    refuses: (error) => error instanceof SyntaxError,
  },
  'a header that is read past its end': {
    ...DECODERS['frame header']!,
    read: (bytes) => void new DataView(bytes.buffer).getUint32(4),
  },
}

const PLANTED_ROWS = Object.entries(PLANTED)

test.each(PLANTED_ROWS)('LIM-31 (control) finds %s', (_name, decoder) => {
  expect(fuzz(decoder, 100_000, SEED).crash).toBeDefined()
})

const CLAIMS = [
  ['remove', [OPS.remove]],
  ['picture', [OPS.picture, 7]],
  ['text', [OPS.text, 7, 1]],
  ['text in UTF-16', [OPS.text, 7, 2]],
  ['adopt', [OPS.adopt, 1]],
  ['rules', [OPS.sheetRules, 2, 0, 0, 0]],
] as const

test.each(CLAIMS)('LIM-32 a length of four gigabytes is refused before room is made for it: %s', (_name, before) => {
  const frame = new Uint8Array([1, 1, ...before, 0xff, 0xff, 0xff, 0xff, 0x0f])
  const { rss } = process.memoryUsage()
  expect(() => DECODERS['mirror frame']!.read(frame, 0)).toThrow(new WireError('a count exceeds the frame'))
  expect(process.memoryUsage().rss - rss).toBeLessThan(64 * 1024 * 1024)
})
