/** A new element with a class and children. Text is only ever set as text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...children)
  return made
}

/** A button that only a person can press: a page's script could otherwise consent in the customer's place. */
export function button(className: string, text: string, press: () => void): HTMLButtonElement {
  const made = element('button', `button ${className}`, text)
  made.type = 'button'
  made.addEventListener('click', (event) => {
    event.stopPropagation()
    if (event.isTrusted) press()
  })
  return made
}

/** A sentence around names that keep their own direction. */
export function sentence(text: string, values: Record<string, string>): (Node | string)[] {
  return text.split(/(\{\w+\})/).map((part) => {
    const value = values[part.slice(1, -1)]
    if (value === undefined || !part.startsWith('{')) return part
    const name = document.createElement('bdi')
    name.textContent = value
    return name
  })
}
