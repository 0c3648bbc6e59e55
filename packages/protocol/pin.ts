/** Brings a typed PIN into the one form that is compared: no spaces or hyphens, upper case.
 *  Undefined unless 1 to 10 letters or digits remain. */
export function normalizePin(typed: string): string | undefined {
  const pin = typed.replace(/[\s-]/g, '').toUpperCase()
  return /^[0-9A-Z]{1,10}$/.test(pin) ? pin : undefined
}
