import { pageDocument } from './page-document.ts'

/** What happens to a tab. */
export interface TabListeners {
  /** The customer may look at it now, or no longer. */
  onLook(): void
  /** The page is left: for another one, or for good. */
  onLeave(): void
  /** The browser brought the page back as it was left. */
  onReturn(): void
}

/** Whether the customer looks at this tab: it is in front, and its window has the focus. A page in a frame has the focus
 *  only itself, and cannot know of its window's. */
export function isLookedAt(): boolean {
  return pageDocument.visibilityState === 'visible' && (top !== window || pageDocument.hasFocus())
}

/** Calls back until the returned function is called. */
export function watchTab({ onLook, onLeave, onReturn }: TabListeners): () => void {
  const closing = new AbortController()
  const { signal } = closing
  pageDocument.addEventListener('visibilitychange', onLook, { signal })
  addEventListener('focus', onLook, { signal })
  // The focus may only be on its way into an iframe of the page.
  addEventListener('blur', () => queueMicrotask(onLook), { signal })
  addEventListener('pagehide', onLeave, { signal })
  addEventListener('pageshow', ({ persisted }) => persisted && onReturn(), { signal })
  return () => closing.abort()
}
