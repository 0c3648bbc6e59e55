import { isCssWord } from './css-words.ts'

/** Words of an SVG of nothing but shapes that are not CSS. */
const SHAPES =
  /^(svg|xmlns|http|www|org|viewbox|path|rect|line|poly(line|gon)|points|matrix|rgba?|#[\da-f]{3,8}|([mlhvcsqtaz]-?\d*)+)$/i

/** A picture in a sheet that carries itself. An SVG is text and goes only where it is nothing but shapes. */
export function quietPicture(address: string): string {
  if (!/^data:image\/svg/i.test(address)) return address
  const comma = address.indexOf(',') + 1
  try {
    const body = decodeURIComponent(address.slice(comma))
    const svg = /base64,$/i.test(address.slice(0, comma)) ? atob(body) : body
    const words = svg.match(/#[\w-]{3,}|[a-z][\w-]{2,}|[^\0-\x7f]|>\s*[^<\s]/gi) ?? []
    if (words.every((word) => SHAPES.test(word) || isCssWord(word))) return address
  } catch {
    // Not to be read, so not to be shown.
  }
  return 'data:,'
}
