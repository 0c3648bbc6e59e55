import type { OpenSession } from '../session-state.ts'
import type { CardContext } from './card.ts'
import { button, element } from './element.ts'
import { formatTime, groupDigits } from './pin-format.ts'
import type { Texts } from './texts.ts'

/** What a screen reader says of a new code. */
export function readOut(pin: string, texts: Texts): string {
  return `${texts.codeTitle}: ${[...pin].join(' ')}`
}

/** How long the code is still good for; the panel keeps it true. */
export function timeOf(left: number, { texts, language }: CardContext): HTMLElement {
  const time = element('span', 'time', texts.codeTime.replace('{time}', formatTime(left, language)))
  time.dataset.role = 'time'
  return time
}

/** The code in large digits, with a button that copies it while it is good. */
export function codeRow(pin: string, over: boolean, context: CardContext): HTMLElement {
  const code = element('div', `code${over ? ' over' : ''}${pin.length > 6 ? ' long' : ''}`)
  code.append(...groupDigits(pin).map((group) => element('span', '', group)))
  code.setAttribute('role', 'img')
  code.ariaLabel = [...pin].join(' ')
  return element(
    'div',
    'code-row',
    code,
    ...(over ? [] : [button('copy', context.texts.copy, () => context.copy(pin))]),
  )
}

/** How long a PIN is still good for, in ms; negative when it is over. */
export function remaining({ pin, skew }: OpenSession): number {
  return (pin?.expiresAt ?? 0) - Date.now() - skew
}
