import { signal } from '@preact/signals'

/** How long a notice stays: long enough to read two lines twice. */
const SHOWN_MS = 6_000

export interface Notice {
  id: number
  text: string
}

/** What happened a moment ago, the newest last. */
export const notices = signal<Notice[]>([])

let lastId = 0

/** Says something that needs no answer. */
export function notify(text: string): void {
  const notice = { id: ++lastId, text }
  notices.value = [...notices.value.slice(-2), notice]
  setTimeout(() => dismiss(notice.id), SHOWN_MS)
}

/** As `notify`, unless the same is still being said. */
export function notifyOnce(text: string): void {
  if (!notices.value.some((notice) => notice.text === text)) notify(text)
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((one) => one.id !== id)
}
