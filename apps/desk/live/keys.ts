import type { TextKey } from '../texts/catalogue.ts'

/** One shortcut. `key` is as `KeyboardEvent.key` says it, `Mod+` is Control, or Command on a Mac. */
interface Shortcut {
  key: string
  /** Another key for the same, where keyboards differ. */
  also?: string
  label: TextKey
  group: 'tools' | 'view' | 'session'
}

/** Every shortcut of a session, in the order of the help sheet. */
export const SHORTCUTS = {
  release: { key: 'Escape', label: 'help.release', group: 'tools' },
  pointer: { key: 'P', label: 'tool.pointer', group: 'tools' },
  laser: { key: 'L', label: 'tool.laser', group: 'tools' },
  pen: { key: 'D', label: 'tool.pen', group: 'tools' },
  vanishing_pen: { key: 'V', label: 'tool.vanishing_pen', group: 'tools' },
  highlighter: { key: 'H', label: 'tool.highlighter', group: 'tools' },
  rectangle: { key: 'R', label: 'tool.rectangle', group: 'tools' },
  arrow: { key: 'A', label: 'tool.arrow', group: 'tools' },
  text: { key: 'T', label: 'tool.text', group: 'tools' },
  element: { key: 'E', label: 'tool.element', group: 'tools' },
  read_out: { key: 'S', label: 'tool.read_out', group: 'tools' },
  eraser: { key: 'X', label: 'tool.eraser', group: 'tools' },
  colour: { key: 'C', label: 'tools.colour', group: 'tools' },
  undo: { key: 'Mod+Z', label: 'tools.undo', group: 'tools' },
  redo: { key: 'Mod+Shift+Z', also: 'Mod+Y', label: 'tools.redo', group: 'tools' },
  clear: { key: 'Delete', also: 'Backspace', label: 'tools.clear.own', group: 'tools' },
  clear_all: { key: 'Shift+Delete', also: 'Shift+Backspace', label: 'tools.clear.all', group: 'tools' },
  smaller: { key: '-', label: 'view.smaller', group: 'view' },
  larger: { key: '+', also: '=', label: 'view.larger', group: 'view' },
  fit: { key: '0', label: 'view.fit', group: 'view' },
  actual: { key: '1', label: 'view.actual', group: 'view' },
  full: { key: 'F', label: 'view.full', group: 'view' },
  free: { key: 'G', label: 'view.free', group: 'view' },
  masked: { key: 'M', label: 'view.masked', group: 'view' },
  assist: { key: 'K', label: 'assist.ask', group: 'session' },
  people: { key: 'I', label: 'people.title', group: 'session' },
  help: { key: '?', label: 'live.help', group: 'session' },
} as const satisfies Record<string, Shortcut>

export type CommandName = keyof typeof SHORTCUTS

const NAMES = Object.keys(SHORTCUTS) as CommandName[]
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** The shortcut that a key press stands for. A letter counts by its place on a keyboard without Latin letters. */
export function readKey(event: KeyboardEvent): CommandName | undefined {
  if (event.altKey || event.isComposing) return undefined
  const typed = event.key.length === 1 && !/[!-~]/.test(event.key) ? event.code.replace(/^(Key|Digit)/, '') : event.key
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : ''
  // Which of "?" and "+" need Shift depends on the keyboard.
  const shift = event.shiftKey && (mod || typed.length > 1) ? 'Shift+' : ''
  const press = `${mod}${shift}${typed.length === 1 ? typed.toUpperCase() : typed}`
  return NAMES.find((name) => {
    const shortcut: { key: string; also?: string } = SHORTCUTS[name]
    return shortcut.key === press || shortcut.also === press
  })
}

/** The keys of a shortcut as they are written on keyboards. */
export function keyCaps(name: CommandName): string[] {
  return SHORTCUTS[name].key.split(/\+(?=.)/).map((key) => {
    if (key === 'Mod') return IS_MAC ? '⌘' : 'Ctrl'
    if (key === 'Shift') return IS_MAC ? '⇧' : 'Shift'
    if (key === 'Escape') return 'Esc'
    if (key === 'Delete') return IS_MAC ? '⌫' : 'Del'
    return key === '-' ? '−' : key
  })
}

/** For `aria-keyshortcuts`. */
export function ariaKeys(name: CommandName): string {
  return SHORTCUTS[name].key.replace('Mod', IS_MAC ? 'Meta' : 'Control').replace(/^\+$/, 'Plus')
}
