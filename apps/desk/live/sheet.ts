/** Room between a sheet and the edges of the window, in CSS pixels. */
const EDGE = 12

/** Room between a sheet and the bar that it comes out of, in CSS pixels. */
const GAP = 8

/** How high the highest sheet of the rail is, and each bar above and below it, in CSS pixels. */
const HIGHEST = 280
const BAR = 66

/** Puts a sheet that is about to open below the bar, under the button that opens it, inside the window. */
export function placeSheet({ currentTarget: sheet }: { currentTarget: HTMLElement }): void {
  const opener = openerOf(sheet)
  const button = opener?.getBoundingClientRect()
  if (!button) return
  const { bottom } = opener?.closest('.bar')?.getBoundingClientRect() ?? button
  const width = `min(320px, 100vw - ${2 * EDGE}px)`
  const middle = button.left + button.width / 2
  // In words of CSS, so that it holds while the window changes its size.
  sheet.style.inset = `${bottom + GAP}px auto auto clamp(${EDGE}px, ${middle}px - ${width} / 2, 100vw - ${width} - ${EDGE}px)`
}

/** Puts a sheet that is about to open beside the rail that it belongs to, at the height of the button that opens it. */
export function placeBeside({ currentTarget: sheet }: { currentTarget: HTMLElement }): void {
  const button = openerOf(sheet)?.getBoundingClientRect()
  const rail = sheet.parentElement?.getBoundingClientRect()
  if (!button || !rail) return
  const room = `${BAR + HIGHEST / 2}px`
  sheet.style.setProperty('--middle', `clamp(${room}, ${button.top + button.height / 2}px, 100vh - ${room})`)
  sheet.style.setProperty('--beside', `${rail.width + GAP}px`)
}

function openerOf(sheet: HTMLElement): Element | null {
  return document.querySelector(`[popovertarget="${sheet.id}"]`)
}
