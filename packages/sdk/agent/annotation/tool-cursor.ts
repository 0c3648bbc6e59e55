import { COLOURS } from '../../annotation/colours.ts'
import type { AnnotationTool } from '../../annotation/mark.ts'
import { POINTER_ARROW } from '../../annotation/pointing.ts'

const PLAIN: Partial<Record<AnnotationTool, string>> = { eraser: 'cell', text: 'text', read_out: 'help' }

/** The cursor of a tool: where the customer sees a pointer or a laser's dot, the agent sees the same. */
export function cursorOf(tool: AnnotationTool | undefined, colour: number): string {
  const { value } = COLOURS[colour]!
  const look = `fill="${value}" stroke="#fff" stroke-width="1.5" stroke-linejoin="round"`
  if (tool === 'pointer') return drawn(`<path transform="translate(1 1)" d="${POINTER_ARROW}" ${look}/>`, 1)
  if (tool === 'laser') return drawn(`<circle cx="8" cy="8" r="6" ${look}/>`, 8)
  return (tool && PLAIN[tool]) ?? 'crosshair'
}

/** `hot` is the place in it that points, from both sides. */
function drawn(shape: string, hot: number): string {
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">${shape}</svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(picture)}") ${hot} ${hot}, crosshair`
}
