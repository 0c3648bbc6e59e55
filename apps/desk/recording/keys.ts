import type { Player } from '@alongside/sdk/agent'

export const SPEEDS = [1, 2, 4, 8]

/** How far an arrow key goes. */
const STEP_MS = 5_000

/** What the help lists. */
export const KEYS = [
  { name: 'Space, K', text: 'recording.key.play' },
  { name: '← →', text: 'recording.key.step' },
  { name: 'Home, End', text: 'recording.key.ends' },
  { name: '1 2 4 8', text: 'recording.speed' },
  { name: 'S', text: 'recording.skip' },
] as const

/** One key, wherever the focus is: but what a control makes of it itself is left to it. */
export function handleKey(event: KeyboardEvent, player: Player): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return
  const { target } = event
  const isButton = target instanceof HTMLButtonElement
  const { time, playing, skipIdle } = player.state
  const toggle = () => (playing ? player.pause() : player.play())
  const actions: Record<string, () => void> = {
    ' ': toggle,
    k: toggle,
    ArrowLeft: () => player.seek(time - STEP_MS),
    ArrowRight: () => player.seek(time + STEP_MS),
    Home: () => player.seek(0),
    End: () => player.seek(player.duration),
    s: () => player.setSkipIdle(!skipIdle),
  }
  for (const speed of SPEEDS) actions[String(speed)] = () => player.setSpeed(speed)
  const act = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  if (!act || (isButton && event.key === ' ')) return
  event.preventDefault()
  act()
}
