/** Makes an element of a page that may have one named like the function of the document that does it, which hides that
 *  (HTML, "named properties of the Document"). */
export function makeHtml<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name] {
  return Document.prototype.createElement.call(document, name) as HTMLElementTagNameMap[Name]
}

/** The same for SVG. */
export function makeSvg<Name extends keyof SVGElementTagNameMap>(name: Name): SVGElementTagNameMap[Name] {
  return Document.prototype.createElementNS.call(
    document,
    'http://www.w3.org/2000/svg',
    name,
  ) as SVGElementTagNameMap[Name]
}
