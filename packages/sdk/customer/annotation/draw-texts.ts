/** What the tool bar says in English; the panel's catalogue of a language has the same names. Here, because only those
 *  who draw need them. */
export const DRAW_TEXTS = {
  drawTools: 'Drawing tools',
  drawPen: 'Pen',
  drawVanishing: 'Vanishing pen',
  drawHighlighter: 'Highlighter',
  drawRectangle: 'Rectangle',
  drawArrow: 'Arrow',
  drawEraser: 'Eraser',
  drawUndo: 'Undo',
  drawRedo: 'Redo',
  drawClear: 'Clear my drawings',
  drawDone: 'Done',
} as const

export type DrawTexts = Record<keyof typeof DRAW_TEXTS, string>
