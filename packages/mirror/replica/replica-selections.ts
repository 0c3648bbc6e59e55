import { nodeType } from './natives.ts'

/** Numbers of the nodes in which a selection begins and ends, and where in them. */
export interface SelectionEnds {
  anchor: number
  anchorOffset: number
  focus: number
  focusOffset: number
}

export interface FieldSelection {
  start: number
  end: number
  backward: boolean
}

const { getSelection } = Document.prototype
const { setBaseAndExtent, removeAllRanges } = Selection.prototype

/** What the customer has selected, and where their caret stands. */
export class ReplicaSelections {
  readonly #nodeOf: (id: number) => Node | undefined
  /** Selections whose ends have not arrived yet. */
  readonly #waiting = new Map<Document, SelectionEnds>()
  /** What was selected last in fields. */
  readonly #fields = new WeakMap<Node, FieldSelection>()

  constructor(nodeOf: (id: number) => Node | undefined) {
    this.#nodeOf = nodeOf
  }

  select(document: Document, ends: SelectionEnds | undefined): void {
    this.#waiting.delete(document)
    if (ends) this.#waiting.set(document, ends)
    else {
      // Firefox has none in a frame that is not displayed.
      const selection = getSelection.call(document)
      if (selection) removeAllRanges.call(selection)
    }
  }

  putCaret(field: HTMLInputElement, selection: FieldSelection): void {
    this.#fields.set(field, selection)
    if (!('setSelectionRange' in field)) return
    try {
      field.setSelectionRange(selection.start, selection.end, selection.backward ? 'backward' : 'forward')
    } catch {
      // Fields for numbers, dates and the like have no selection.
    }
  }

  /** What is selected in a field. */
  fieldSelection(field: Node): FieldSelection | undefined {
    return this.#fields.get(field)
  }

  /** Called when a frame is applied. */
  settle(): void {
    for (const [document, ends] of this.#waiting) {
      const [anchor, focus] = [this.#nodeOf(ends.anchor), this.#nodeOf(ends.focus)]
      if (!anchor || !focus) continue
      this.#waiting.delete(document)
      const selection = getSelection.call(document)
      if (!selection) continue
      const anchorOffset = Math.min(ends.anchorOffset, lengthOf(anchor))
      setBaseAndExtent.call(selection, anchor, anchorOffset, focus, Math.min(ends.focusOffset, lengthOf(focus)))
    }
  }
}

function lengthOf(node: Node): number {
  return nodeType(node) === Node.TEXT_NODE || nodeType(node) === Node.COMMENT_NODE
    ? (node as Text).length
    : node.childNodes.length
}
