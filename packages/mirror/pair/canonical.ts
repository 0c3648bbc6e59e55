import { isFrame, isOpaque, safeAttribute, safeCss, standIn } from '../wire/index.ts'

/** A document as text, one line a node, so that a page and its copy read the same: names and attributes as the copy may
 *  hold them, then what no attribute says. Used by tests on both sides; knows neither capture nor replica. */
export function canonical(document: Document): string {
  const lines: string[] = [`mode ${get(Document.prototype, 'compatMode', document)}`]
  writeSheets(get(Document.prototype, 'adoptedStyleSheets', document), 'adopted', '', lines)
  for (const child of get<NodeList>(Node.prototype, 'childNodes', document)) writeNode(child, '', lines)
  return lines.join('\n')
}

function writeNode(node: Node, indent: string, lines: string[]): void {
  switch (get(Node.prototype, 'nodeType', node)) {
    case Node.ELEMENT_NODE:
      return writeElement(node as Element, indent, lines)
    case Node.TEXT_NODE:
    case Node.CDATA_SECTION_NODE:
      lines.push(`${indent}"${textOf(node as Text)}"`)
      return
    case Node.PROCESSING_INSTRUCTION_NODE:
    case Node.COMMENT_NODE:
      lines.push(`${indent}<!--${(node as Comment).data}-->`)
      return
    case Node.DOCUMENT_TYPE_NODE: {
      const { name, publicId, systemId } = node as DocumentType
      lines.push(`${indent}<!${name} ${publicId} ${systemId}>`)
      return
    }
    default:
      lines.push(`${indent}node ${node.nodeType}`)
  }
}

function textOf(text: Text): string {
  return text.parentElement?.localName === 'style' ? cssOf(text.data) : text.data
}

/** The copy asks for attributes where the page asks for its pseudo-classes. */
function cssOf(css: string): string {
  return safeCss(css)
    .replaceAll(':not([alongside-undefined])', ':defined')
    .replace(/\[alongside-([\w-]+)\]/g, ':$1')
}

// A form's and a document's own properties can be hidden by names in them, so everything is read through the prototypes.
const get = <T>(prototype: object, name: string, target: object): T =>
  Object.getOwnPropertyDescriptor(prototype, name)!.get!.call(target) as T

function writeElement(element: Element, indent: string, lines: string[]): void {
  const localName = get<string>(Element.prototype, 'localName', element)
  const namespace = get<string | null>(Element.prototype, 'namespaceURI', element)
  const name = standIn(namespace, localName)
  const attributes = Element.prototype.getAttributeNames
    .call(element)
    .flatMap((attribute) => {
      if (attribute.startsWith('alongside-')) return []
      const value = Element.prototype.getAttribute.call(element, attribute) ?? ''
      const safe = safeAttribute(namespace, localName, attribute, value)
      return safe === undefined ? [] : [` ${attribute}=${JSON.stringify(safe)}`]
    })
    .sort()
  lines.push(`${indent}<${name}${attributes.join('')}>${stateOf(element, localName)}`)
  const inner = `${indent} `
  if (name === 'style' && (element as HTMLStyleElement).sheet)
    writeSheets([(element as HTMLStyleElement).sheet!], 'sheet', inner, lines)
  const shadow = get<ShadowRoot | null>(Element.prototype, 'shadowRoot', element)
  if (shadow) {
    lines.push(`${inner}#shadow`)
    writeSheets(shadow.adoptedStyleSheets, 'adopted', `${inner} `, lines)
    for (const child of shadow.childNodes) writeNode(child, `${inner} `, lines)
  }
  if (isFrame(namespace, localName)) {
    const content = (element as HTMLIFrameElement).contentDocument
    const root = content && get<Element | null>(Document.prototype, 'documentElement', content)
    // What a frame that cannot be read shows is the copy's own.
    if (content && root?.id !== 'alongside-not-shown')
      lines.push(
        `${inner}#document`,
        canonical(content)
          .split('\n')
          .map((line) => `${inner} ${line}`)
          .join('\n'),
      )
  }
  if (isOpaque(namespace, localName) || (name !== localName && name === 'style')) return
  const first = get<Node | null>(Node.prototype, 'firstChild', element)
  for (let child = first; child; child = get<Node | null>(Node.prototype, 'nextSibling', child))
    writeNode(child, inner, lines)
}

function stateOf(element: Element, localName: string): string {
  if (localName === 'input') {
    const field = element as HTMLInputElement
    if (field.type === 'checkbox' || field.type === 'radio') return ` ${field.checked}/${field.indeterminate}`
    return field.type === 'file' ? '' : ` ${JSON.stringify(field.value)}`
  }
  if (localName === 'textarea') return ` ${JSON.stringify((element as HTMLTextAreaElement).value)}`
  if (localName === 'select')
    return ` ${[...(element as HTMLSelectElement).options].map((option) => (option.selected ? 1 : 0)).join('')}`
  if (localName === 'dialog' && 'open' in element) return element.matches(':modal') ? ' modal' : ''
  if (localName !== 'form' && element.hasAttribute?.('popover') && 'popover' in element)
    return element.matches(':popover-open') ? ' popover-open' : ''
  return ''
}

function writeSheets(sheets: readonly CSSStyleSheet[], label: string, indent: string, lines: string[]): void {
  for (const sheet of sheets)
    for (const rule of sheet.cssRules)
      if (!(rule.constructor.name === 'CSSImportRule'))
        lines.push(`${indent}${label}${sheet.disabled ? ' disabled' : ''} ${cssOf(rule.cssText)}`)
}
