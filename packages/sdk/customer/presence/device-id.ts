/** Under what a site keeps the name of this browser. */
const KEEP_AS = 'alongside.device'

/** Names this browser on this site, for all its tabs and for later visits: 32 hexadecimal digits that say nothing. Where
 *  the browser forbids storage it is new with each page. */
export function readDeviceId(): string {
  try {
    const kept = localStorage.getItem(KEEP_AS)
    if (kept && /^[0-9a-f]{32}$/.test(kept)) return kept
    const made = makeId()
    localStorage.setItem(KEEP_AS, made)
    return made
  } catch {
    return makeId()
  }
}

function makeId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
