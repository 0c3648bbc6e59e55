import type { z } from 'zod'

/** Settings that the server cannot start with. The message has a line for each, which names it and says what is
 *  expected; never its value. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

type Issue = z.core.$ZodIssue | z.core.$ZodRawIssue

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

/** Says what a setting must be, where its schema does not. For `safeParse`. */
export function sayExpected(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`
    case 'too_small':
      return `must be at least ${issue.minimum}${ofWhat(issue.origin)}`
    case 'too_big':
      return `must be at most ${issue.maximum}${ofWhat(issue.origin)}`
    default:
      return undefined
  }
}

/** Names what is wrong with the settings of one place. */
export function toConfigError(error: z.ZodError, file = ''): ConfigError {
  const lines = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => line(file, [...issue.path, key], 'is not a setting'))
      : [line(file, issue.path, issue.message)],
  )
  return new ConfigError(lines.join('\n'))
}

function line(file: string, path: readonly PropertyKey[], expected: string): string {
  const setting = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return `${file}${setting.replace(/^\./, '')}${setting && ': '}${expected}. Correct this setting and start again.`
}

function ofWhat(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' ? ' entries long' : ''
}
