import { unshadowed } from '../page-document.ts'
import { isElement } from './place.ts'

/** Does something on the page, and says whether it asked for a new window that did not open: browsers open one only
 *  shortly after the person at the device has pressed something. Nothing of the page stays changed. */
export function isPopUpRefused(view: Window & typeof globalThis, run: () => void): boolean {
  // Nobody can see whether a window opened that the page gets no hold on.
  const isAlone = () => view.navigator.userActivation?.isActive === false
  const asked: Event[] = []
  const note = (event: Event) => {
    const target = event
      .composedPath()
      .find((node) => node instanceof view.Node && isElement(node, 'a', 'area', 'form'))
    if (!target) return
    const { localName, target: name } = unshadowed(target as HTMLAnchorElement | HTMLFormElement)
    if (name.toLowerCase() === '_blank' && (localName === 'form') === (event.type === 'submit')) asked.push(event)
  }
  let refused = false
  const { open } = view
  const watched: typeof open = (url, target, features) => {
    let made: Window | null | undefined
    try {
      made = open.call(view, url, target, features)
      return made
    } finally {
      // Firefox throws where a sandbox forbids it.
      if (!made) refused ||= made === undefined || !/no(opener|referrer)/.test(features ?? '') || isAlone()
    }
  }
  view.open = watched
  for (const type of ASKING) view.addEventListener(type, note, true)
  try {
    run()
  } finally {
    for (const type of ASKING) view.removeEventListener(type, note, true)
    if (view.open === watched) view.open = open
  }
  return refused || (asked.some((event) => !event.defaultPrevented) && isAlone())
}

const ASKING = ['click', 'submit']
