import type { AnnotationTool } from '../../annotation/mark.ts'
import { pageDocument } from '../page-document.ts'
import { button, element } from '../panel/element.ts'
import type { DrawTexts } from './draw-texts.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** In a box of 24 by 24, drawn as lines. */
const ICONS = {
  pen: 'M4 20l1-4L16 5l3 3L8 19z M14 7l3 3',
  vanishing_pen: 'M4 20l1-4L16 5l3 3L8 19z M13 20h2 M17.5 20h2',
  highlighter: 'M5 20h14 M8 16l-1-4 8-8 4 4-8 8z',
  rectangle: 'M4 6h16v12H4z',
  arrow: 'M5 19L19 5 M10 5h9v9',
  eraser: 'M9 20h11 M4 14l8-8 7 7-6 7H9z',
  undo: 'M8 5L4 9l4 4 M4 9h10a5 5 0 0 1 0 10h-3',
  redo: 'M16 5l4 4-4 4 M20 9H10a5 5 0 0 0 0 10h3',
  clear: 'M5 7h14 M9 7V4h6v3 M7 7l1 13h8l1-13',
} as const

type Tool = 'pen' | 'vanishing_pen' | 'highlighter' | 'rectangle' | 'arrow' | 'eraser'
type Act = 'undo' | 'redo' | 'clear'

export interface ToolBarActions {
  use(tool: AnnotationTool): void
  act(act: Act): void
  done(): void
}

export const TOOL_BAR_STYLE = `
.tools {
  position: fixed; inset-block-end: 16px; inset-inline: 0; margin-inline: auto; inline-size: fit-content;
  max-inline-size: calc(100vw - 24px); display: flex; flex-wrap: wrap; gap: 4px; padding: 6px; border-radius: 14px;
  box-sizing: border-box; background: #fff; color: #14161c; border: 1px solid #d5d8df; pointer-events: auto;
  box-shadow: 0 1px 2px rgb(16 20 36 / .08), 0 12px 32px rgb(16 20 36 / .2);
}
/* The panel is 320 px wide, in a lower corner. */
@media (max-width: 1160px) { .tools { inset-block: 12px auto } }
.tools .button {
  display: grid; place-items: center; min-inline-size: 40px; min-block-size: 40px; padding: 0 8px; border: 0; border-radius: 9px;
  background: none; color: inherit; font: 600 14px/1 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; cursor: pointer;
  touch-action: manipulation;
}
.tools .button:hover { background: #eef0f4 }
.tools .button[aria-pressed='true'] { background: #2350d8; color: #fff }
.tools .button:focus-visible { outline: 2px solid #2350d8; outline-offset: 2px }
.tools .primary { background: #14161c; color: #fff; padding-inline: 14px }
.tools .primary:hover { background: #333845 }
.tools svg { position: static; inline-size: 20px; block-size: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.tools .gap { inline-size: 1px; background: #d5d8df; margin: 4px }
@media (prefers-color-scheme: dark) {
  .tools { background: #1c1f27; color: #f1f3f7; border-color: #333845 }
  .tools .button:hover { background: #343947 }
  .tools .button[aria-pressed='true'] { background: #7d9bff; color: #0d1330 }
  .tools .primary { background: #f1f3f7; color: #14161c }
  .tools .gap { background: #333845 }
}
@media (forced-colors: active) { .tools .button[aria-pressed='true'] { outline: 2px solid Highlight } }
`

/** The tools that a customer draws with. */
export class ToolBar {
  readonly element: HTMLElement
  readonly #tools = new Map<AnnotationTool, HTMLElement>()

  constructor(texts: DrawTexts, actions: ToolBarActions) {
    const tool = (name: Tool, label: string) => {
      const made = iconButton(name, label, () => actions.use(name))
      this.#tools.set(name, made)
      return made
    }
    const act = (name: Act, label: string) => iconButton(name, label, () => actions.act(name))
    this.element = element(
      'div',
      'tools',
      tool('pen', texts.drawPen),
      tool('vanishing_pen', texts.drawVanishing),
      tool('highlighter', texts.drawHighlighter),
      tool('rectangle', texts.drawRectangle),
      tool('arrow', texts.drawArrow),
      tool('eraser', texts.drawEraser),
      element('span', 'gap'),
      act('undo', texts.drawUndo),
      act('redo', texts.drawRedo),
      act('clear', texts.drawClear),
      button('primary', texts.drawDone, actions.done),
    )
    this.element.setAttribute('role', 'toolbar')
    this.element.setAttribute('aria-label', texts.drawTools)
    for (const type of ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'keydown', 'keyup'])
      this.element.addEventListener(type, (event) => event.stopPropagation())
  }

  show(tool: AnnotationTool | undefined): void {
    for (const [name, made] of this.#tools) made.setAttribute('aria-pressed', String(name === tool))
  }
}

function iconButton(name: keyof typeof ICONS, label: string, press: () => void): HTMLElement {
  const made = button('', '', press)
  const icon = pageDocument.createElementNS(SVG, 'svg')
  const path = pageDocument.createElementNS(SVG, 'path')
  path.setAttribute('d', ICONS[name])
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.setAttribute('aria-hidden', 'true')
  icon.append(path)
  made.append(icon)
  made.setAttribute('aria-label', label)
  made.title = label
  return made
}
