import { expect, test } from 'vitest'
import { ConfigError, isLoopback, readConfig, startServer } from './index.ts'

const SECRET = 'a secret of thirty-two characters'
const keys = (...list: object[]) => ({ ALONGSIDE_KEYS: JSON.stringify(list) })

test('OPS-102 starts on loopback port 4000 without any setting', () => {
  expect(readConfig({})).toEqual({ host: '127.0.0.1', port: 4000, logLevel: 'info', keys: [] })
})

test('OPS-103 reads keys from the environment', () => {
  const key = { sdkKey: 'shop', allowedOrigins: ['https://shop.example'], company: 'Shop' }
  const config = readConfig({ ...keys({ ...key, sdkSecret: SECRET }), PORT: '80', HOST: '0.0.0.0', LOG_LEVEL: 'warn' })
  const secret = new TextEncoder().encode(SECRET)
  expect(config).toEqual({ host: '0.0.0.0', port: 80, logLevel: 'warn', keys: [{ ...key, secret }] })
})

test.each([
  [{ PORT: 'x' }, 'PORT'],
  [{ PORT: '65536' }, 'PORT'],
  [{ PORT: '' }, 'PORT'],
  [{ HOST: '' }, 'HOST'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ ALONGSIDE_KEYS: '{' }, 'ALONGSIDE_KEYS'],
  [{ ALONGSIDE_KEYS: '{}' }, 'ALONGSIDE_KEYS'],
  [keys({ sdkKey: 'shop' }), 'ALONGSIDE_KEYS[0].sdkSecret'],
  [keys({ sdkKey: 'shop', sdkSecret: 'hunter2' }), 'ALONGSIDE_KEYS[0].sdkSecret'],
  [keys({ sdkKey: 'a/b', sdkSecret: SECRET }), 'ALONGSIDE_KEYS[0].sdkKey'],
  [keys({ sdkKey: 'a', sdkSecret: SECRET, allowedOrigins: ['shop.example'] }), 'ALONGSIDE_KEYS[0].allowedOrigins[0]'],
  [keys({ sdkKey: 'a', sdkSecret: SECRET, secret: 'x' }), 'ALONGSIDE_KEYS[0]'],
  [keys({ sdkKey: 'a', sdkSecret: SECRET }, { sdkKey: 'a', sdkSecret: SECRET }), 'ALONGSIDE_KEYS'],
])('OPS-104 names a wrong setting and prints no secret: %j', (env, setting) => {
  const read = () => readConfig(env)
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(`${setting}: `)
  expect(read).not.toThrow(/hunter2|a secret of/)
})

test('OPS-105 does not start without keys where others could reach it', async () => {
  await expect(startServer({ host: '0.0.0.0', port: 0 })).rejects.toThrow(/ALONGSIDE_KEYS/)
  expect(['127.0.0.1', '127.8.9.1', '::1', 'localhost'].every(isLoopback)).toBe(true)
  expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example', 'localhost.evil.example', ''].some(isLoopback)).toBe(
    false,
  )
})
