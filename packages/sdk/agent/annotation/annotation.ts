import type { ColourName } from '../../annotation/colours.ts'
import type { AnnotationTool } from '../../annotation/mark.ts'

/** What an agent's drawing stands at. */
export interface AnnotationState {
  /** The tool in hand. */
  tool: AnnotationTool | undefined
  colour: ColourName
  /** How many acts of this agent can be taken back, and done again. */
  undo: number
  redo: number
  /** Marks on the page, of all authors. */
  marks: number
  /** False once the page has said that it takes nothing from agents. */
  allowed: boolean
}

/** How a tool is used. */
export interface ToolOptions {
  /** What an empty field for words says: of `text`, or for the note of `element`. */
  placeholder?: string
  /** What stands under such a field while somebody types: how to keep the words, and how to give them up. */
  hint?: string
}

/** Drawing on the customer's page. What is drawn belongs to the element under it, follows it, and leaves with it. Until the
 *  session is live a tool can be chosen and does nothing. */
export interface Annotation {
  /** The colours to choose from: their names, and their values for a tool bar. */
  readonly colours: readonly { name: ColourName; value: string }[]
  /** Takes a tool in hand; without one the pointer does nothing on the copy. While a tool is in hand the copy takes the
   *  pointer, and the wheel still scrolls. Throws 1103 for a tool that there is not. */
  use(tool?: AnnotationTool, options?: ToolOptions): void
  /** The colour of what is drawn next; at first the agent's own. Throws 1103 for one that is not in `colours`. */
  setColour(name: ColourName): void
  /** Takes this agent's last act back: what it drew, erased or cleared. */
  undo(): void
  redo(): void
  /** Takes this agent's marks away, or those of all. `undo` brings them back. */
  clear(whose?: 'own' | 'all'): void
  getState(): AnnotationState
}
