import { type AgentInfo, agentColour } from '@alongside/protocol'
import { pageDocument } from '../page-document.ts'
import { plainName } from './plain-name.ts'

/** A new element with a class and children. Text is only ever set as text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = pageDocument.createElement(name)
  if (className) {
    made.className = className
    // A page restyles it by this name.
    made.part.value = className
  }
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

/** A sentence around what stands for its names. */
export function sentence(text: string, values: Record<string, Node[]>): (Node | string)[] {
  return text.split(/(\{\w+\})/).flatMap((part): (Node | string)[] => {
    const value = part.startsWith('{') ? values[part.slice(1, -1)] : undefined
    return value ?? [part]
  })
}

/** A name as text that cannot turn what is around it. */
export function named(name: string): HTMLElement {
  const made = pageDocument.createElement('bdi')
  made.textContent = plainName(name)
  return made
}

/** The initial of an agent on its colour: what stands beside its name, its pointer and its drawings. */
export function face({ participant, userName }: AgentInfo): HTMLElement {
  const made = element('span', 'face')
  made.ariaHidden = 'true'
  // Drawn by the style: the text around it stays what is said.
  made.dataset.initial = [...plainName(userName)][0]!.toUpperCase()
  made.style.background = agentColour(participant)
  return made
}
