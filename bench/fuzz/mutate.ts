type Bytes = Uint8Array<ArrayBuffer>

/** Numbers from 0 up to the limit, the same for the same seed. */
export type Random = (limit: number) => number

/** After "mulberry32". */
export function randomFrom(seed: number): Random {
  let state = seed | 0
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) % limit
  }
}

/** What decoders stumble over: lengths of gigabytes, numbers without end, ends of ranges, deep JSON. */
const PIECES: Bytes[] = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0x7f, 0xff, 0xff, 0xff],
  [0xed, 0xa0, 0x80],
  [0],
  [0, 0, 0, 0],
].map((bytes) => new Uint8Array(bytes))
const TEXTS = [
  '[',
  '{',
  '"',
  '}',
  ']',
  '[[[[[[[[[[',
  '{"a":',
  '\\ud800',
  '"__proto__":',
  'null',
  '1e999',
  '-0',
  '\\u0000',
]
const INSERTS = [...PIECES, ...TEXTS.map((text) => new TextEncoder().encode(text))]

/** A copy of one of the frames with one to four faults: bits, bytes, pieces that went, came, doubled or moved, a piece
 *  of another frame; now and then nothing but random bytes. */
export function mutate(random: Random, frame: Bytes, frames: readonly Bytes[]): Bytes {
  if (random(20) === 0) return randomBytes(random, random(200))
  let bytes = frame.slice()
  for (let faults = 1 + random(4); faults > 0; faults--) bytes = damage(random, bytes, frames)
  return bytes
}

function damage(random: Random, bytes: Bytes, frames: readonly Bytes[]): Bytes {
  const at = random(bytes.length + 1)
  switch (random(8)) {
    case 0:
      if (at < bytes.length) bytes[at]! ^= 1 << random(8)
      return bytes
    case 1:
      if (at < bytes.length) bytes[at] = random(256)
      return bytes
    case 2:
      return bytes.slice(0, at)
    case 3:
      return splice(bytes, at, random(8), new Uint8Array(0))
    case 4:
      return splice(bytes, at, random(2) * 4, INSERTS[random(INSERTS.length)]!)
    case 5:
      return splice(bytes, at, 0, piece(random, bytes))
    case 6:
      return splice(bytes, at, random(16), piece(random, frames[random(frames.length)]!))
    default:
      return splice(bytes, at, 0, randomBytes(random, random(8)))
  }
}

function piece(random: Random, bytes: Bytes): Bytes {
  const from = random(bytes.length + 1)
  return bytes.slice(from, from + random(64))
}

function splice(bytes: Bytes, at: number, removed: number, added: Bytes): Bytes {
  const rest = bytes.subarray(Math.min(bytes.length, at + removed))
  const joined = new Uint8Array(at + added.length + rest.length)
  joined.set(bytes.subarray(0, at))
  joined.set(added, at)
  joined.set(rest, at + added.length)
  return joined
}

function randomBytes(random: Random, length: number): Bytes {
  return Uint8Array.from({ length }, () => random(256))
}
