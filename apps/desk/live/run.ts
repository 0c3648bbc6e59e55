import { live, setZoom, state } from '../session.ts'
import { t } from '../texts/language.ts'
import { turnAssist } from './assist.ts'
import { drawing, nextColour, use } from './drawing.ts'
import type { CommandName } from './keys.ts'
import { notifyOnce } from './notices.ts'
import { TOOLS } from './tools.ts'
import { canBeFull, masked, scrolling, setMasked, setScrolling, steps, toggleFull } from './view.ts'

/** Does what a shortcut stands for. False when there is nothing to do, so that the browser may take the key. */
export function run(name: CommandName): boolean {
  const tool = TOOLS.find((one) => one === name)
  if (tool) return canDraw() && use(tool)
  const act = ACTS[name as Exclude<CommandName, (typeof TOOLS)[number]>]
  return act() !== false
}

const ACTS: Record<Exclude<CommandName, (typeof TOOLS)[number]>, () => unknown> = {
  release: () => use(undefined),
  colour: () => canDraw() && nextColour(),
  undo: () => canDraw() && live()?.annotation.undo(),
  redo: () => canDraw() && live()?.annotation.redo(),
  clear: () => canDraw() && live()?.annotation.clear('own'),
  clear_all: () => canDraw() && live()?.annotation.clear('all'),
  smaller: () => step(steps.value.smaller),
  larger: () => step(steps.value.larger),
  fit: () => setZoom('fit'),
  actual: () => setZoom(1),
  full: () => canBeFull() && toggleFull(),
  free: () => setScrolling(scrolling.value === 'free' ? 'follow' : 'free'),
  masked: () => setMasked(masked.value === undefined),
  assist: turnAssist,
  people: () => document.getElementById('people')?.togglePopover(),
  help: () => document.getElementById('help')?.togglePopover(),
}

/** The page takes drawing from agents now, so far as it has said. Whoever tries all the same is told why not. */
function canDraw(): boolean {
  if (!drawing.value || state.value.name !== 'open' || state.value.watchOnly) return false
  if (!drawing.value.allowed) notifyOnce(t('tools.off.site'))
  return drawing.value.allowed && !state.value.paused && state.value.picture !== 'hidden'
}

function step(factor: number | undefined): void {
  if (factor !== undefined) setZoom(factor)
}
