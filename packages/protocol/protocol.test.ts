import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { ERRORS } from './errors.ts'
import { encodeFrame, FRAME_KINDS, HEADER_BYTES } from './frame.ts'
import * as limits from './limits.ts'

const page = readFileSync(new URL('./PROTOCOL.md', import.meta.url), 'utf8')
const source = ts.createSourceFile(
  'messages.ts',
  readFileSync(new URL('./messages.ts', import.meta.url), 'utf8'),
  ts.ScriptTarget.Latest,
)

const DIRECTIONS = [
  ['Customer to server', 'CustomerMessage'],
  ['Server to customer', 'ToCustomer'],
  ['Agent to server', 'AgentMessage'],
  ['Server to agent', 'ToAgent'],
  ['Device to server', 'DeviceMessage'],
  ['Server to device', 'ToDevice'],
] as const

test.each(DIRECTIONS)('CON-1 PROTOCOL.md names each message and field: %s', (heading, union) => {
  const written = Object.fromEntries(tableUnder(heading).map(([type = '', fields = '']) => [unquote(type), fields]))
  const coded = Object.fromEntries(
    messagesOf(union).map(({ type, fields }) => [
      type,
      fields.map((field) => (field === '*agent*' ? field : `\`${field}\``)).join(', '),
    ]),
  )
  expect(written).toEqual(coded)
})

test('CON-2 PROTOCOL.md gives each error its name, status, close code and retry', () => {
  const coded = Object.entries(ERRORS).map(([code, { name, status, close, retry }]) =>
    [code, name, status, close, retry ? 'yes' : 'no'].map(String),
  )
  expect(tableUnder('Errors')).toEqual(coded)
})

test('CON-3 PROTOCOL.md describes the header byte by byte', () => {
  const [fields, kinds] = tablesUnder('Frames')
  expect(kinds?.map(([kind = '', number]) => [unquote(kind), Number(number)])).toEqual(Object.entries(FRAME_KINDS))
  expect(page).toContain(`A header of ${HEADER_BYTES} bytes`)
  // A header in which each field has the number of its first byte in each of its bytes.
  const numbers = { kind: 'ack', flags: 1, peer: 0x0202, sequence: 0x04040404 } as const
  const bytes = fields?.flatMap(([first, length]) => new Array(Number(length)).fill(Number(first)))
  expect([...encodeFrame(numbers)].slice(1)).toEqual(bytes?.slice(1))
  expect(bytes).toHaveLength(HEADER_BYTES)
})

test('CON-4 PROTOCOL.md gives each limit its value', () => {
  const written = tableUnder('Limits').map(([name = '', value]) => [unquote(name), Number(value)])
  expect(Object.fromEntries(written)).toEqual({ ...limits })
  expect(page).toContain(`version ${limits.PROTOCOL_VERSION}\n`)
})

/** The rows of the only table under a heading, as trimmed cells. */
function tableUnder(heading: string): string[][] {
  return tablesUnder(heading)[0] ?? []
}

function tablesUnder(heading: string): string[][][] {
  const start = page.search(new RegExp(`^#+ ${heading}$`, 'm'))
  expect(start, `PROTOCOL.md has a heading "${heading}"`).toBeGreaterThanOrEqual(0)
  const section = page.slice(start).split(/^#/m)[1] ?? ''
  return [...section.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  )
}

function unquote(cell: string): string {
  return cell.replaceAll('`', '')
}

/** The members of a union in messages.ts: the name of each and its other fields, in order. */
function messagesOf(union: string): { type: string; fields: string[] }[] {
  const declaration = find(union)
  const members =
    ts.isTypeAliasDeclaration(declaration) && ts.isUnionTypeNode(declaration.type) ? declaration.type.types : []
  return members.map((member) => {
    const [type = '', ...fields] = fieldsOf(member)
    return { type, fields }
  })
}

function fieldsOf(node: ts.TypeNode): string[] {
  if (ts.isParenthesizedTypeNode(node)) return fieldsOf(node.type)
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap(fieldsOf)
  if (ts.isTypeReferenceNode(node)) return fieldsOfNamed(node.typeName.getText(source))
  if (ts.isTypeLiteralNode(node)) return node.members.map(fieldOf)
  throw new Error(`unexpected in messages.ts: ${node.getText(source)}`)
}

function fieldsOfNamed(name: string): string[] {
  if (name === 'AgentInfo') return ['*agent*']
  const declaration = find(name)
  return ts.isInterfaceDeclaration(declaration) ? declaration.members.map(fieldOf) : []
}

/** A field's name with its question mark; for `type` the name of the message. */
function fieldOf(member: ts.TypeElement): string {
  const name = member.name?.getText(source) ?? ''
  if (name !== 'type' || !ts.isPropertySignature(member)) return name + (member.questionToken ? '?' : '')
  return member.type?.getText(source).replaceAll("'", '') ?? ''
}

function find(name: string): ts.Statement {
  const found = source.statements.find(
    (statement) =>
      (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) && statement.name.text === name,
  )
  if (!found) throw new Error(`messages.ts has no ${name}`)
  return found
}
