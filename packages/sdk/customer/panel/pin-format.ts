/** A PIN in groups that are easy to read aloud: six characters as 3 and 3, own PINs as they are. */
export function groupDigits(pin: string): string[] {
  return pin.length === 6 ? [pin.slice(0, 3), pin.slice(3)] : [pin]
}

/** Minutes and seconds, rounded up so that a code never shows more time than it has left by a whole second. */
export function formatTime(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
