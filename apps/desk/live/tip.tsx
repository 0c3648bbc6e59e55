import { signal } from '@preact/signals'
import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { ariaKeys, type CommandName, keyCaps } from './keys.ts'

interface Shown {
  target: HTMLElement
  label: string
  hint: string | undefined
  command: CommandName | undefined
}

const shown = signal<Shown | undefined>(undefined)

/** Room between a control and its tip, in CSS pixels. */
const GAP = 8

interface TipButtonProps extends Omit<ButtonHTMLAttributes, 'label' | 'disabled'> {
  label: string
  hint?: string | undefined
  command?: CommandName
  disabled?: boolean
  children: ComponentChildren
}

/** A button whose name, use and key are told on hover and on keyboard focus. A disabled one can be focused, so that it
 *  can be read why. */
export function TipButton({ label, hint, command, disabled, onClick, children, ...rest }: TipButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  // What leaves the page tells no pointer that it left.
  useEffect(() => {
    const { current } = button
    return () => {
      if (shown.peek()?.target === current) hide()
    }
  }, [])
  const show = (target: HTMLElement) => {
    shown.value = { target, label, hint, command }
  }
  // What a button is for may change under the pointer.
  useEffect(() => {
    if (button.current && shown.peek()?.target === button.current) show(button.current)
  }, [label, hint, command])
  return (
    <button
      ref={button}
      type="button"
      aria-label={label}
      aria-disabled={disabled || undefined}
      aria-keyshortcuts={command && ariaKeys(command)}
      onPointerEnter={(event) => event.pointerType === 'mouse' && show(event.currentTarget)}
      onPointerLeave={hide}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && show(event.currentTarget)}
      onBlur={hide}
      {...rest}
      onClick={(event) => {
        hide()
        if (!disabled) onClick?.(event)
      }}
    >
      {children}
    </button>
  )
}

/** The one tip that is open. */
export function Tip() {
  const tip = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => event.key === 'Escape' && hide()
    addEventListener('keydown', press, true)
    return () => removeEventListener('keydown', press, true)
  }, [])
  const now = shown.value
  useLayoutEffect(() => {
    const element = tip.current
    if (!element) return
    if (!now?.target.isConnected) return element.hidePopover()
    // Focus also comes here while a sheet opens in the place of another, and nothing else can be opened during that.
    const frame = requestAnimationFrame(() => {
      if (!now.target.isConnected) return
      element.showPopover()
      place(element, now.target)
    })
    return () => cancelAnimationFrame(frame)
  }, [now])
  return (
    <div class="tip" ref={tip} popover="manual" role="tooltip">
      <span class="tip-name">{now?.label}</span>
      {now?.command && <Keys of={now.command} />}
      {now?.hint && <span class="tip-hint">{now.hint}</span>}
    </div>
  )
}

export function Keys({ of }: { of: CommandName }) {
  return (
    <span class="keys">
      {keyCaps(of).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  )
}

function hide(): void {
  shown.value = undefined
}

/** Beside the tool bar, and below or above everything else, inside the window. */
function place(tip: HTMLElement, target: HTMLElement): void {
  const at = target.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = tip
  const rail = target.closest('.rail')?.getBoundingClientRect()
  const isColumn = rail !== undefined && rail.height > rail.width
  const isRightToLeft = document.documentElement.dir === 'rtl'
  const beside = isRightToLeft ? (rail?.left ?? 0) - GAP - width : (rail?.right ?? 0) + GAP
  const x = isColumn ? beside : at.left + at.width / 2 - width / 2
  const below = at.bottom + GAP + height > innerHeight ? at.top - GAP - height : at.bottom + GAP
  const y = isColumn ? at.top + at.height / 2 - height / 2 : below
  tip.style.left = `${Math.max(GAP, Math.min(x, innerWidth - width - GAP))}px`
  tip.style.top = `${Math.max(GAP, Math.min(y, innerHeight - height - GAP))}px`
}
