import { setZoom } from '../session.ts'
import type { CommandName } from './keys.ts'
import { canBeFull, masked, scrolling, setMasked, setScrolling, steps, toggleFull } from './view.ts'

/** Does what a shortcut stands for. False when there is nothing to do, so that the browser may take the key. */
export function run(name: CommandName): boolean {
  return ACTS[name]() !== false
}

const ACTS: Record<CommandName, () => unknown> = {
  smaller: () => step(steps.value.smaller),
  larger: () => step(steps.value.larger),
  fit: () => setZoom('fit'),
  actual: () => setZoom(1),
  full: () => canBeFull() && toggleFull(),
  free: () => setScrolling(scrolling.value === 'free' ? 'follow' : 'free'),
  masked: () => setMasked(masked.value === undefined),
  people: () => document.getElementById('people')?.togglePopover(),
  help: () => document.getElementById('help')?.togglePopover(),
}

function step(factor: number | undefined): void {
  if (factor !== undefined) setZoom(factor)
}
