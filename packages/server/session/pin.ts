import { randomInt } from 'node:crypto'
import { AlongsideError, PIN_DIGITS } from '@alongside/protocol'
import type { Backplane } from '../backplane.ts'
import type { Key } from '../key.ts'

/** Draws that may be turned down for being close to a live PIN: beyond this the space is so full that closeness must
 *  be accepted. */
const PATIENT_DRAWS = 20

/** Longest PIN that is still read aloud without a mistake: the length of a telephone number. */
const MAX_DIGITS = 10

/** Draws in all before the space counts as full. */
const MAX_DRAWS = 1_000

/** How long the PINs of a key are. */
export interface PinLength {
  /** `auto`: as many as give each live PIN its share of the possible ones, at least 6. */
  digits: Key['pinDigits']
  /** For `auto`: so many possible PINs there must be for each live one. */
  pinsPerLive: number
}

/** Draws a PIN and puts it up for a session. Keeps two digits apart from every live PIN of the key while there is
 *  room, so that a slip of the tongue does not find another session. Rejects with 1001 when no PIN is free. */
export async function claimGeneratedPin(
  backplane: Backplane,
  sdkKey: string,
  sessionId: string,
  lifetimeMs: number,
  length: PinLength,
  draw: (digits: number) => string = drawPin,
): Promise<string> {
  const digits = length.digits === 'auto' ? await chooseDigits(backplane, sdkKey, length.pinsPerLive) : length.digits
  for (let draws = 0; draws < MAX_DRAWS; draws++) {
    const pin = draw(digits)
    if (draws < PATIENT_DRAWS && (await backplane.hasAnyPin(sdkKey, neighbours(pin)))) continue
    if (await backplane.claimPin(sdkKey, pin, { sessionId, reusable: false }, lifetimeMs)) return pin
  }
  throw new AlongsideError(1001)
}

export function drawPin(digits: number): string {
  return String(randomInt(10 ** digits)).padStart(digits, '0')
}

async function chooseDigits(backplane: Backplane, sdkKey: string, pinsPerLive: number): Promise<number> {
  const live = (await backplane.countPins(sdkKey)) + 1
  let digits = PIN_DIGITS
  while (digits < MAX_DIGITS && live * pinsPerLive > 10 ** digits) digits++
  return digits
}

function neighbours(pin: string): string[] {
  const found: string[] = []
  for (let place = 0; place < pin.length; place++) {
    for (let digit = 0; digit <= 9; digit++) {
      if (String(digit) !== pin[place]) found.push(pin.slice(0, place) + digit + pin.slice(place + 1))
    }
  }
  return found
}
