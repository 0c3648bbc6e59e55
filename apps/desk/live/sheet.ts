/** Room between a sheet and the edges of the window, in CSS pixels. */
const EDGE = 12

/** Puts a sheet that is about to open under the button that opens it, inside the window. */
export function placeSheet({ currentTarget: sheet }: { currentTarget: HTMLElement }): void {
  const button = document.querySelector(`[popovertarget="${sheet.id}"]`)?.getBoundingClientRect()
  if (!button) return
  const width = `min(320px, 100vw - ${2 * EDGE}px)`
  const middle = button.left + button.width / 2
  // In words of CSS, so that it holds while the window changes its size.
  sheet.style.inset = `${button.bottom + 8}px auto auto clamp(${EDGE}px, ${middle}px - ${width} / 2, 100vw - ${width} - ${EDGE}px)`
}
