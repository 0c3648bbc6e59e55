/** Loads nothing, of whatever the page names. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"

/** Elements that would load, run or lead elsewhere. The frame forbids most of it; a policy does not reach connections that
 *  a link opens ahead of need. */
const ACTIVE = 'script, link, base, meta[http-equiv], iframe, frame, object, embed, portal'

/** A page as HTML without what could reach out of it. Parsed in a document of no window, so that nothing begins while it
 *  is read. */
export function cleanPage(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  clean(page)
  const policy = page.createElement('meta')
  policy.httpEquiv = 'Content-Security-Policy'
  policy.content = POLICY
  const prefetch = page.createElement('meta')
  prefetch.httpEquiv = 'x-dns-prefetch-control'
  prefetch.content = 'off'
  page.head.prepend(policy, prefetch)
  const { doctype } = page
  const mode = doctype
    ? new XMLSerializer().serializeToString(doctype)
    : page.compatMode === 'BackCompat'
      ? ''
      : '<!DOCTYPE html>'
  return mode + page.documentElement.outerHTML
}

/** Templates too, and those in them: written anew, they may become shadow roots. */
function clean(root: Document | DocumentFragment): void {
  for (const element of root.querySelectorAll(ACTIVE)) element.remove()
  for (const template of root.querySelectorAll('template')) clean(template.content)
}

/** A document as HTML: with what its sheets say now, and with what its fields hold. */
export function readPage(page: Document): string {
  const copy = page.documentElement.cloneNode(true) as HTMLElement
  const fields = copy.querySelectorAll('input, textarea')
  for (const [at, field] of page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea').entries())
    if (fields[at]?.localName === 'input') fields[at].setAttribute('value', field.value)
    else if (fields[at]) fields[at].textContent = field.value
  for (const style of copy.querySelectorAll('style')) style.remove()
  const style = page.createElement('style')
  style.textContent = [...page.styleSheets, ...page.adoptedStyleSheets]
    .flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText))
    .join('\n')
  copy.querySelector('head')?.append(style)
  return (page.compatMode === 'BackCompat' ? '' : '<!DOCTYPE html>') + copy.outerHTML
}
