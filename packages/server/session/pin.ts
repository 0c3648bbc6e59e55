import { randomInt } from 'node:crypto'
import { AlongsideError, PIN_DIGITS } from '@alongside/protocol'
import type { Backplane } from '../backplane.ts'

/** Draws that may be turned down for being close to a live PIN: beyond this the space is so full that closeness must
 *  be accepted. */
const PATIENT_DRAWS = 20

/** Draws in all before the space counts as full. */
const MAX_DRAWS = 1_000

/** Draws a PIN and puts it up for a session. Keeps two digits apart from every live PIN of the key while there is
 *  room, so that a slip of the tongue does not find another session. Rejects with 1001 when no PIN is free. */
export async function claimGeneratedPin(
  backplane: Backplane,
  sdkKey: string,
  sessionId: string,
  lifetimeMs: number,
  draw: () => string = drawPin,
): Promise<string> {
  for (let draws = 0; draws < MAX_DRAWS; draws++) {
    const pin = draw()
    if (draws < PATIENT_DRAWS && (await backplane.hasAnyPin(sdkKey, neighbours(pin)))) continue
    if (await backplane.claimPin(sdkKey, pin, { sessionId, reusable: false }, lifetimeMs)) return pin
  }
  throw new AlongsideError(1001)
}

export function drawPin(): string {
  return String(randomInt(10 ** PIN_DIGITS)).padStart(PIN_DIGITS, '0')
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
