/** The kinds of pictures and fonts that are kept for agents, by what their first bytes say. */
export type AssetType = (typeof SIGNATURES)[number][0] | 'image/svg+xml'

/** `bytes` in hexadecimal, `..` stands for any byte. */
const SIGNATURES = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '474946383761'],
  ['image/gif', '474946383961'],
  ['image/webp', '52494646........57454250'],
  ['image/avif', '........6674797061766966'],
  ['image/avif', '........6674797061766973'],
  ['image/avif', '........667479706d696631'],
  ['image/bmp', '424d'],
  ['image/x-icon', '00000100'],
  ['image/x-icon', '00000200'],
  ['font/woff', '774f4646'],
  ['font/woff2', '774f4632'],
  ['font/ttf', '00010000'],
  ['font/ttf', '74727565'],
  ['font/otf', '4f54544f'],
  ['font/collection', '74746366'],
] as const

/** Where the root of an SVG must begin: room for a comment with a licence. */
const SVG_HEAD_BYTES = 8 * 1024

/** What a file is, whatever its sender says of it. Undefined for all that is neither picture nor font: a page that is
 *  sent as a picture has none of these beginnings. */
export function sniffAsset(bytes: Uint8Array): AssetType | undefined {
  for (const [type, signature] of SIGNATURES) if (beginsWith(bytes, signature)) return type
  return isSvg(new TextDecoder().decode(bytes.subarray(0, SVG_HEAD_BYTES))) ? 'image/svg+xml' : undefined
}

function beginsWith(bytes: Uint8Array, signature: string): boolean {
  if (bytes.length < signature.length / 2) return false
  for (let at = 0; at < signature.length; at += 2) {
    const wanted = signature.slice(at, at + 2)
    if (wanted !== '..' && bytes[at / 2] !== Number.parseInt(wanted, 16)) return false
  }
  return true
}

/** Skips what XML allows before the root. Not one expression, because that could be made to backtrack without end. */
function isSvg(head: string): boolean {
  let rest = head.trimStart()
  for (;;) {
    const end = rest.startsWith('<?')
      ? '?>'
      : rest.startsWith('<!--')
        ? '-->'
        : /^<!DOCTYPE\s+svg\b/.test(rest)
          ? /^[^>[]*\[/.test(rest)
            ? ']>'
            : '>'
          : undefined
    if (end === undefined) return /^<(svg|svg:svg)[\s/>]/.test(rest)
    const at = rest.indexOf(end)
    if (at < 0) return false
    rest = rest.slice(at + end.length).trimStart()
  }
}
