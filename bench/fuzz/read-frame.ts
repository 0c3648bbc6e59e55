import {
  FrameReader,
  HTML_NS,
  ITEM_FLAGS,
  ITEMS,
  MATHML_NS,
  OPS,
  STATES,
  SVG_NS,
  safeAttribute,
  safeCss,
  WireError,
} from '../../packages/mirror/wire/index.ts'

const NAMESPACES: Record<number, string> = {
  [ITEMS.html]: HTML_NS,
  [ITEMS.svg]: SVG_NS,
  [ITEMS.mathml]: MATHML_NS,
}

/** Reads one frame as a replica does, field by field and through the same gates, and builds nothing. */
export function readFrame(reader: FrameReader, frame: Uint8Array, onOperation?: Note): void {
  reader.begin(frame)
  while (!reader.done) {
    const code = reader.byte()
    const name = OP_NAMES.get(code)
    if (!name) throw new WireError(`operation ${code} is not known`)
    onOperation?.(name)
    OPERATIONS[name](reader, onOperation)
  }
}

/** Is told the name of each operation, and of each kind of state. */
type Note = (name: string) => void
type Op = keyof typeof OPS

const OP_NAMES = new Map(Object.entries(OPS).map(([name, code]) => [code as number, name as Op]))

const list = (reader: FrameReader, read: () => unknown) => Array.from({ length: reader.count() }, read)

/** A new operation does not compile until it is here. */
const OPERATIONS: Record<Op, (reader: FrameReader, note?: Note) => void> = {
  document: (reader) => {
    reader.uint()
    reader.byte()
  },
  remove: (reader) => void list(reader, () => reader.uint()),
  insert: readItems,
  attribute: (reader) => {
    reader.uint()
    safeAttribute(HTML_NS, 'div', reader.string(), reader.string())
  },
  removeAttribute: (reader) => {
    reader.uint()
    reader.string()
  },
  text: (reader) => {
    reader.uint()
    reader.string()
  },
  splice: (reader) => {
    for (let field = 0; field < 3; field++) reader.uint()
    reader.string()
  },
  sheetText: (reader) => {
    reader.uint()
    safeCss(reader.string())
  },
  sheetRules: (reader) => {
    reader.uint()
    reader.byte()
    reader.uint()
    reader.uint()
    list(reader, () => safeCss(reader.string()))
  },
  newSheet: (reader) => {
    reader.uint()
    reader.uint()
    reader.string()
  },
  adopt: (reader) => {
    reader.uint()
    list(reader, () => reader.uint())
  },
  state: (reader, note) => {
    reader.uint()
    readState(reader, reader.byte(), note)
  },
  release: () => {},
  guest: (reader, note) => readGuest(reader, reader.uint(), reader.bytes(), note),
  picture: readPiece,
  animation: readPiece,
}

/** The streams of the guests in a page's iframes. */
const GUESTS = new WeakMap<FrameReader, Map<number, FrameReader>>()

/** One that breaks is not shown, and breaks nothing else. */
function readGuest(reader: FrameReader, iframe: number, frame: Uint8Array, note?: Note): void {
  const guests = GUESTS.get(reader) ?? new Map<number, FrameReader>()
  GUESTS.set(reader, guests)
  if (frame[1] === 1) guests.set(iframe, new FrameReader())
  const guest = guests.get(iframe)
  try {
    if (guest && frame.length) return readFrame(guest, frame, note)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
  }
  guests.delete(iframe)
}

function readPiece(reader: FrameReader): void {
  reader.uint()
  reader.bytes()
}

function readItems(reader: FrameReader): void {
  reader.uint()
  reader.uint()
  for (let depth = 0; depth >= 0; ) {
    const head = reader.byte()
    const kind = head & 0x0f
    if (kind === ITEMS.end) depth--
    else {
      if (head & ITEM_FLAGS.id) reader.uint()
      readItem(reader, kind, head)
      if (head & ITEM_FLAGS.children) depth++
    }
  }
}

function readItem(reader: FrameReader, kind: number, head: number): void {
  switch (kind) {
    case ITEMS.shadow:
      return
    case ITEMS.known:
      return void reader.uint()
    case ITEMS.document:
      return void reader.byte()
    case ITEMS.text:
    case ITEMS.cdata:
    case ITEMS.comment:
      return void reader.string()
    case ITEMS.instruction:
      return void [reader.string(), reader.string()]
    case ITEMS.doctype:
      return void [reader.string(), reader.string(), reader.string()]
  }
  const namespace = kind === ITEMS.foreign ? reader.string() : NAMESPACES[kind]
  if (namespace === undefined) throw new WireError(`item ${kind} is not known`)
  const name = reader.string()
  if (!(head & ITEM_FLAGS.attributes)) return
  for (let attribute = reader.optionalString(); attribute !== undefined; attribute = reader.optionalString())
    safeAttribute(namespace, name, attribute, reader.string())
}

type State = keyof typeof STATES

const STATE_NAMES = new Map(Object.entries(STATES).map(([name, number]) => [number as number, name as State]))

/** A new state does not compile until it is here. */
const READ_STATE: Record<State, (reader: FrameReader) => void> = {
  value: (reader) => void reader.string(),
  checked: (reader) => void reader.byte(),
  selected: (reader) => void list(reader, () => reader.uint()),
  topLayer: (reader) => void reader.byte(),
  scroll: (reader) => void [reader.int(), reader.int()],
  viewport: (reader) => void [reader.uint(), reader.uint()],
  marks: (reader) => void reader.uint(),
  selection: (reader) => {
    if (reader.uint() !== 0) for (let field = 0; field < 3; field++) reader.uint()
  },
  caret: (reader) => void [reader.uint(), reader.uint(), reader.byte()],
  media: (reader) => void reader.string(),
}

function readState(reader: FrameReader, kind: number, note?: Note): void {
  const name = STATE_NAMES.get(kind)
  if (!name) throw new WireError(`state ${kind} is not known`)
  note?.(`state ${name}`)
  READ_STATE[name](reader)
}
