import type { IconNode } from 'lucide'
import {
  ArrowUpRight,
  Eraser,
  Flashlight,
  Highlighter,
  MousePointer2,
  Pen,
  Sparkles,
  Square,
  SquareDashedMousePointer,
  Type,
  Volume2,
} from 'lucide'

/** The tools of the bar, in groups, with their icons. The names are the SDK's. */
export const TOOL_GROUPS = [
  ['pointer', 'laser'],
  ['pen', 'vanishing_pen', 'highlighter'],
  ['rectangle', 'arrow', 'text'],
  ['element', 'read_out'],
  ['eraser'],
] as const

export type ToolName = (typeof TOOL_GROUPS)[number][number]

export const TOOLS: readonly ToolName[] = TOOL_GROUPS.flat()

export const TOOL_ICONS: Record<ToolName, IconNode> = {
  pointer: MousePointer2,
  laser: Flashlight,
  pen: Pen,
  vanishing_pen: Sparkles,
  highlighter: Highlighter,
  rectangle: Square,
  arrow: ArrowUpRight,
  text: Type,
  element: SquareDashedMousePointer,
  read_out: Volume2,
  eraser: Eraser,
}
