/** Moves the focus within a tool bar: by arrow keys, Home and End (ARIA Authoring Practices, toolbar). */
export function moveFocus(event: KeyboardEvent, bar: HTMLElement | null): void {
  const buttons = [...(bar?.querySelectorAll<HTMLElement>('.tool:not([popover] *)') ?? [])]
  const at = buttons.indexOf(event.target as HTMLElement)
  if (at < 0) return
  const isRightToLeft = document.documentElement.dir === 'rtl'
  const forward = ['ArrowDown', isRightToLeft ? 'ArrowLeft' : 'ArrowRight']
  const back = ['ArrowUp', isRightToLeft ? 'ArrowRight' : 'ArrowLeft']
  const { key } = event
  const to = forward.includes(key)
    ? at + 1
    : back.includes(key)
      ? at - 1
      : key === 'Home'
        ? 0
        : key === 'End'
          ? buttons.length - 1
          : undefined
  if (to === undefined) return
  event.preventDefault()
  const next = buttons[(to + buttons.length) % buttons.length]
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1
  next?.focus()
}
