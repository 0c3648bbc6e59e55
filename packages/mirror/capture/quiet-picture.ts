const SVG_TAG = /^\/?(svg|g|path|circle|ellipse|rect|line|polyline|polygon)$/i
const SVG_ATTRIBUTE =
  /^(xmlns|viewbox|width|height|fill|fill-rule|clip-rule|stroke|stroke-width|stroke-linecap|stroke-linejoin|stroke-miterlimit|d|points|cx|cy|r|rx|ry|x|y|x1|x2|y1|y2|transform|opacity|fill-opacity|stroke-opacity|preserveaspectratio|version)$/i
const SVG_VALUE =
  /^([\s\d.,+\-eMLHVCSQTAZmlhvcsqtaz%]*|#[\da-f]{3,8}|none|evenodd|nonzero|round|square|butt|miter|bevel|currentcolor|white|black|red|http:\/\/www\.w3\.org\/2000\/svg|(rgba?|hsla?|translate|rotate|scale|matrix|skew[xy])\([\d\s.,%-]+\))$/i

/** A picture in a sheet that carries itself. An SVG is text and goes only where it is nothing but shapes. */
export function quietPicture(address: string): string {
  if (!/^data:image\/svg/i.test(address)) return address
  const comma = address.indexOf(',')
  try {
    const body = address.slice(comma + 1)
    const text = /;base64/i.test(address.slice(0, comma)) ? atob(decodeURIComponent(body)) : decodeURIComponent(body)
    if (isShapes(text)) return address
  } catch {
    // Not to be read, so not to be shown.
  }
  return 'data:,'
}

function isShapes(svg: string): boolean {
  const rest = svg.replace(
    /<(\/?[a-z]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/gi,
    (whole, tag: string, list: string) => {
      const attributes = [...list.matchAll(/([\w:-]+)\s*=\s*("[^"]*"|'[^']*')/g)]
      const plain = attributes.every(
        ([, name, value]) => SVG_ATTRIBUTE.test(name!) && SVG_VALUE.test(value!.slice(1, -1).trim()),
      )
      return SVG_TAG.test(tag) && plain ? '' : whole
    },
  )
  return rest.trim() === ''
}
