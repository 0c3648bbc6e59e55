import { isHidden } from './natives.ts'

/** Time as capture sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number
  /** Runs `run` with the next frame, or soon where a hidden page has no frames. */
  frame(run: () => void): void
  /** Runs `run` in a task of its own, so that the page gets its turn between two slices. */
  task(run: () => void): void
  /** Runs `run` after `ms`. Returns its undo. */
  later(ms: number, run: () => void): () => void
}

/** How often a hidden page is looked at: agents of a hidden tab see no animation anyway. */
const HIDDEN_FRAME_MS = 100

export function browserClock(document: Document): Clock {
  const channel = new MessageChannel()
  const tasks: (() => void)[] = []
  channel.port1.onmessage = () => tasks.shift()?.()
  const { requestAnimationFrame, setTimeout, clearTimeout } = window
  return {
    now: () => performance.now(),
    frame(run) {
      if (isHidden(document)) setTimeout(run, HIDDEN_FRAME_MS)
      else requestAnimationFrame(() => run())
    },
    task(run) {
      tasks.push(run)
      channel.port2.postMessage(undefined)
    },
    later(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
}
