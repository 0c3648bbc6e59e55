import { signal } from '@preact/signals'

/** How long a notice stays: long enough to read two lines twice. */
const SHOWN_MS = 6_000

export interface Notice {
  id: number
  text: string
  lasting: boolean
}

/** What happened a moment ago, the newest last. */
export const notices = signal<Notice[]>([])

let lastId = 0

/** Says something that needs no answer. */
export function notify(text: string): void {
  const id = add({ text, lasting: false })
  setTimeout(() => dismiss(id), SHOWN_MS)
}

/** Says something that must not be missed: it stays until it is put away. Its number is for `dismiss`. */
export function notifyLasting(text: string): number {
  return add({ text, lasting: true })
}

/** As many as leave the copy to be seen, lasting ones first. */
function add(notice: Omit<Notice, 'id'>): number {
  const id = ++lastId
  const before = notices.value
  const passing = before.filter(({ lasting }) => !lasting).slice(-2)
  notices.value = [...before.filter((one) => one.lasting || passing.includes(one)), { id, ...notice }]
  return id
}

/** As `notify`, unless the same is still being said. */
export function notifyOnce(text: string): void {
  if (!notices.value.some((notice) => notice.text === text)) notify(text)
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((one) => one.id !== id)
}
