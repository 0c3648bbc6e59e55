/** A PIN in groups that are easy to read aloud: six characters as 3 and 3, own PINs as they are. */
export function groupDigits(pin: string): string[] {
  return pin.length === 6 ? [pin.slice(0, 3), pin.slice(3)] : [pin]
}

/** Minutes and seconds, to the nearest one: our clock and the server's agree to the line's delay only, and a code that is
 *  good for 20 minutes must not begin with 20:01. */
export function formatTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
