import type { Signal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { t } from './texts/language.ts'

/** Digits of a code that the server makes. */
export const PIN_LENGTH = 6

interface PinFieldProps {
  value: Signal<string>
  invalid: boolean
}

/** Six boxes that act as one field: typing moves on, Backspace moves back, a pasted "123 456" fills them all.
 *  A pasted code that does not fit goes to `onLonger`, with `value` set to it. */
export function PinBoxes({ value, invalid, onLonger }: PinFieldProps & { onLonger(): void }) {
  const boxes = useRef<(HTMLInputElement | null)[]>([])
  const digits = toBoxes(value.value)
  const focus = (index: number) => boxes.current[Math.max(0, Math.min(PIN_LENGTH - 1, index))]?.focus()

  const put = (index: number, text: string) => {
    const next = [...digits]
    const added = text.slice(0, PIN_LENGTH - index)
    for (const [offset, digit] of [...added].entries()) next[index + offset] = digit
    value.value = fromBoxes(next)
    focus(index + added.length)
  }

  const type = (index: number, input: HTMLInputElement) => {
    const typed = input.value.replace(/\D/g, '')
    input.value = digits[index] === ' ' ? '' : (digits[index] ?? '')
    if (typed) put(index, typed)
    else if (input.value) clear(index)
  }

  const clear = (index: number) => {
    const next = [...digits]
    next[index] = ' '
    value.value = fromBoxes(next)
  }

  const paste = (event: ClipboardEvent, index: number) => {
    event.preventDefault()
    const text = (event.clipboardData?.getData('text') ?? '').replace(/[\s-]/g, '')
    if (/^\d{1,6}$/.test(text)) return put(text.length === PIN_LENGTH ? 0 : index, text)
    const code = text.replace(/[^0-9a-z]/gi, '').slice(0, 10)
    if (!code) return
    value.value = code
    onLonger()
  }

  const press = (event: KeyboardEvent, index: number) => {
    const moves: Record<string, number> = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: PIN_LENGTH - 1 }
    const target = moves[event.key]
    if (target !== undefined) {
      event.preventDefault()
      focus(target)
    } else if (event.key === 'Backspace') {
      event.preventDefault()
      const filled = digits[index] !== ' '
      clear(filled ? index : Math.max(0, index - 1))
      if (!filled) focus(index - 1)
    }
  }

  return (
    <fieldset class="pin-boxes" aria-label={t('form.six.label')} aria-describedby="pin-hint pin-error">
      {digits.map((digit, index) => (
        <input
          key={index}
          ref={(box) => {
            boxes.current[index] = box
          }}
          class="pin-box"
          type="text"
          inputMode="numeric"
          autocomplete="off"
          aria-label={t('form.digit', { index: index + 1, count: PIN_LENGTH })}
          aria-invalid={invalid}
          placeholder=" "
          value={digit === ' ' ? '' : digit}
          onInput={(event) => type(index, event.currentTarget)}
          onPaste={(event) => paste(event, index)}
          onKeyDown={(event) => press(event, index)}
          onFocus={(event) => event.currentTarget.select()}
        />
      ))}
    </fieldset>
  )
}

/** One field for codes of a company's own. */
export function LongPin({ value, invalid }: PinFieldProps) {
  return (
    <input
      class="pin-long"
      type="text"
      aria-label={t('form.long.label')}
      aria-describedby="pin-hint pin-error"
      aria-invalid={invalid}
      autocomplete="off"
      autocapitalize="characters"
      spellcheck={false}
      maxLength={14}
      placeholder=" "
      value={value.value}
      onInput={(event) => {
        value.value = event.currentTarget.value
      }}
    />
  )
}

/** A box that is empty before a filled one is a space, so that the others keep their places. */
function toBoxes(code: string): string[] {
  return Array.from({ length: PIN_LENGTH }, (_, index) => code[index] ?? ' ')
}

function fromBoxes(boxes: string[]): string {
  return boxes.join('').trimEnd()
}
