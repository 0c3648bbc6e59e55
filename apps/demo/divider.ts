/** Share of the left side in percent, at least and at most. */
const LEAST = 20
const MOST = 80

/** Moved by an arrow key, in percent. */
const KEY_STEP = 4

/** Lets pointer and keyboard move `divider` between the two sides of `pair`. Double click centres it. */
export function watchDivider(pair: HTMLElement, divider: HTMLElement): void {
  let share = 50

  const move = (to: number) => {
    share = Math.min(MOST, Math.max(LEAST, to))
    pair.style.setProperty('--left', `${share}fr`)
    pair.style.setProperty('--right', `${100 - share}fr`)
    divider.setAttribute('aria-valuenow', String(Math.round(share)))
  }

  divider.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    divider.focus()
    divider.setPointerCapture(event.pointerId)
    pair.classList.add('dragging')
  })
  divider.addEventListener('pointermove', (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return
    const box = pair.getBoundingClientRect()
    move(((event.clientX - box.left) / box.width) * 100)
  })
  divider.addEventListener('lostpointercapture', () => pair.classList.remove('dragging'))
  divider.addEventListener('dblclick', () => move(50))
  divider.addEventListener('keydown', (event) => {
    const targets: Record<string, number> = {
      ArrowLeft: share - KEY_STEP,
      ArrowRight: share + KEY_STEP,
      Home: LEAST,
      End: MOST,
      Enter: 50,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    move(target)
  })
}
