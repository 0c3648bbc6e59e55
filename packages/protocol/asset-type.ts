/** The kinds of pictures and fonts that are kept for agents, by what their first bytes say. */
export type AssetType = (typeof SIGNATURES)[number][0] | 'image/svg+xml'

/** First bytes as Latin-1, where a dot stands for any byte. */
const SIGNATURES = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/webp', 'RIFF....WEBP'],
  ['image/avif', '....ftypavif'],
  ['image/avif', '....ftypavis'],
  ['image/avif', '....ftypmif1'],
  ['image/bmp', 'BM'],
  ['image/x-icon', '\0\0\x01\0'],
  ['image/x-icon', '\0\0\x02\0'],
  ['font/woff', 'wOFF'],
  ['font/woff2', 'wOF2'],
  ['font/ttf', '\0\x01\0\0'],
  ['font/ttf', 'true'],
  ['font/otf', 'OTTO'],
  ['font/collection', 'ttcf'],
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
  return [...signature].every((byte, at) => byte === '.' || bytes[at] === byte.charCodeAt(0))
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
