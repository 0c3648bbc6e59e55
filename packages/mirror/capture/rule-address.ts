/** Whether a rule counts at an address. A pattern is a path, or a host and a path, in which `*` stands for any characters;
 *  a query or fragment counts where the pattern names one. Addresses that servers take for the same are: case, doubled
 *  and final slashes and the way of encoding make no difference. */
export function countsAt(patterns: readonly string[] | undefined, href: string): boolean {
  return !patterns || patterns.some((pattern) => fits(pattern, href))
}

function fits(pattern: string, href: string): boolean {
  const { host, pathname, search, hash } = new URL(href)
  const address =
    (pattern.startsWith('/') ? '' : host) +
    pathname +
    (pattern.includes('?') ? search || '?' : '') +
    (pattern.includes('#') ? hash || '#' : '')
  const pieces = fold(pattern.replace(/^https?:\/\//i, '')).split('*')
  // A star behind a slash stands for nothing too: `/account/*` counts at `/account/`.
  return fitsPieces(pieces, fold(address)) || fitsPieces(pieces, foldKept(address))
}

/** Looks for each piece behind the one before it: linear in both, whatever the pattern. */
function fitsPieces(pieces: readonly string[], address: string): boolean {
  const last = pieces.length - 1
  if (last === 0) return pieces[0] === address
  let at = 0
  for (const [i, piece] of pieces.entries()) {
    const found =
      i === 0
        ? address.startsWith(piece)
          ? 0
          : -1
        : i < last
          ? address.indexOf(piece, at)
          : address.length - piece.length
    if (found < at || (i === last && !address.endsWith(piece))) return false
    at = found + piece.length
  }
  return true
}

function fold(address: string): string {
  return foldKept(address).replace(/(.)\/(?=[?#]|$)/, '$1')
}

/** The final slash kept. */
function foldKept(address: string): string {
  return decoded(address).toLowerCase().replace(/\/+/g, '/')
}

/** Sign for sign: what cannot be decoded stays, and spoils nothing beside it. */
function decoded(address: string): string {
  return address.replace(/%(?:[0-7]|[cd].%[89ab]|e.%[89ab].%[89ab]|f.(?:%[89ab].){2}%[89ab])[\da-f]/gi, (sign) => {
    try {
      return decodeURI(sign)
    } catch {
      return sign
    }
  })
}
