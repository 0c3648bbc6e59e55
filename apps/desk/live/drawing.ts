import type { AgentSession, AnnotationState } from '@alongside/sdk/agent'
import { signal } from '@preact/signals'
import { live, state } from '../session.ts'
import { t } from '../texts/language.ts'
import { notify } from './notices.ts'
import type { ToolName } from './tools.ts'

/** What the agent's drawing stands at; undefined before the SDK is there. */
export const drawing = signal<AnnotationState | undefined>(undefined)

/** Takes a tool in hand, or lets it go when it is in hand already. False when there was none to let go. */
export function use(tool: ToolName | undefined): boolean {
  const before = drawing.value?.tool
  if (tool === undefined && (before === undefined || before === idleTool())) return false
  if (tool === undefined || tool === before) take(before === idleTool() ? undefined : idleTool())
  else take(tool)
  return true
}

/** Has `before` in hand where nothing else is, or else the pointer: who says "here" over the phone shows it, too. */
export function idle(before: ToolName | undefined): void {
  if (drawing.value?.tool === undefined) take(before ?? idleTool())
}

/** What is in hand when nothing was taken. Who has control acts on the page. */
function idleTool(): ToolName | undefined {
  const session = live()
  if (drawing.value?.allowed === false) return undefined
  return session?.remoteAssist.state === 'active' || session?.getSessionInfo().watchOnly ? undefined : 'pointer'
}

/** Lets the tool go, so that what the agent who has control does is done on the page. */
export function usePage(): void {
  take(undefined)
}

function take(tool: ToolName | undefined): void {
  const words = tool === 'text' ? t('tool.text.placeholder') : tool === 'element' ? t('tool.element.placeholder') : ''
  live()?.annotation.use(tool, { placeholder: words, hint: t('tool.words.hint') })
}

/** The next colour of the list. */
export function nextColour(): void {
  const { annotation } = live() ?? {}
  if (!annotation) return
  const names = annotation.colours.map(({ name }) => name)
  const next = names[(names.indexOf(annotation.getState().colour) + 1) % names.length]
  if (next) annotation.setColour(next)
}

/** Follows the session; called once. */
export function watchDrawing(session: AgentSession): void {
  const read = () => {
    drawing.value = session.annotation.getState()
    // What the agent does on the copy is either drawn or done.
    session.remoteAssist.input = drawing.value.tool === undefined
  }
  read()
  session.on('annotation_changed', read)
  session.on('session_joined', () => {
    session.annotation.use(idleTool())
    read()
  })
  session.on('annotation_refused', () => {
    read()
    if (state.value.name === 'open') notify(t('tools.off.site'))
  })
  session.on('annotation_read_out', ({ done }) => notify(t(done ? 'notice.read_out' : 'notice.read_out.nothing')))
}
