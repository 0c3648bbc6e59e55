import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import type { Key } from '../key.ts'

/** The key of that name, or the only one. Throws `ConfigError` that says what to do when there is no such one. */
export function findKey({ keys }: Config, name: string | undefined): Key {
  const [first, second] = keys
  if (!first) throw new ConfigError('There is no key. Make one: alongside key create NAME --write')
  if (name === undefined && second) throw new ConfigError('There are several keys. Choose one with --key NAME.')
  const key = name === undefined ? first : keys.find(({ sdkKey }) => sdkKey === name)
  if (!key) throw new ConfigError(`There is no key "${name}". Look into the configuration file.`)
  return key
}
