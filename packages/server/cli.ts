#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { addKey } from './cli/add-key.ts'
import { listSessions } from './cli/list-sessions.ts'
import { mint } from './cli/mint.ts'
import { deleteRecording, listRecordings, purgeRecordings } from './cli/recordings.ts'
import { isLoopback, readConfig } from './config.ts'
import { ConfigError } from './config-error.ts'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('alongside')
  .description('Looks after an Alongside server: its keys, tokens, sessions and configuration.')
  .version(version)
  .showHelpAfterError('(--help tells more)')

program
  .command('key')
  .description('the keys of integrators')
  .command('create <name>')
  .description('makes a key with new secrets, and shows them this once')
  .option('--write', 'add it to the configuration file; otherwise it is only printed')
  .option('--company <name>', 'the name that customers read')
  .option('--origin <origin...>', 'sites that may start sessions and frame the desk, such as https://shop.example')
  .action((name: string, options: { write?: boolean; company?: string; origin?: string[] }) => {
    const { json, note } = addKey(name, options, process.env)
    process.stdout.write(`${json}\n`)
    process.stderr.write(`${note}\n`)
  })

program
  .command('token')
  .description('tokens, as an integrator’s own server makes them')
  .command('mint')
  .description('signs a token and prints it')
  .addOption(new Option('--role <role>', 'whose token').choices(['agent', 'customer', 'api']).makeOptionMandatory())
  .option('--user <id>', 'user_id, 1 to 80 characters; api tokens have none')
  .option('--name <name>', 'user_name; the id when left out')
  .option('--key <name>', 'the SDK key; not needed when there is only one')
  .option('--minutes <n>', 'how long it works', wholeNumber, 120)
  .option('--own-pin', 'the customer brings an own PIN')
  .option('--settings', 'the agent may change what the key masks')
  .action(async (options: Parameters<typeof mint>[1]) => {
    process.stdout.write(`${await mint(readConfig(process.env), options)}\n`)
  })

program
  .command('sessions')
  .description('the sessions of a key')
  .command('list')
  .description('shows the live sessions of a running server, asked by REST')
  .option('--key <name>', 'the SDK key; not needed when there is only one with an apiKey')
  .option('--server <address>', 'where the server is; otherwise where the configuration says')
  .option('--json', 'print what REST answers, PINs included')
  .action(async (options: Parameters<typeof listSessions>[1]) => {
    process.stdout.write(`${await listSessions(readConfig(process.env), options)}\n`)
  })

const recordings = program.command('recordings').description('the recordings of a key, asked by REST')

recordings
  .command('list')
  .description('shows the recordings that a running server keeps')
  .option('--key <name>', 'the SDK key; not needed when there is only one with an apiKey')
  .option('--server <address>', 'where the server is; otherwise where the configuration says')
  .option('--json', 'print what REST answers')
  .action(async (options: Parameters<typeof listRecordings>[1]) => {
    process.stdout.write(`${await listRecordings(readConfig(process.env), options)}\n`)
  })

recordings
  .command('delete <id>')
  .description('deletes a recording that is over, for good')
  .option('--key <name>', 'the SDK key; not needed when there is only one with an apiKey')
  .option('--server <address>', 'where the server is; otherwise where the configuration says')
  .action(async (id: string, options: Parameters<typeof deleteRecording>[2]) => {
    process.stdout.write(`${await deleteRecording(readConfig(process.env), id, options)}\n`)
  })

recordings
  .command('purge')
  .description('deletes the recordings that ended some days ago, for good')
  .addOption(new Option('--older-than <days>', 'how many days').argParser(wholeNumber).makeOptionMandatory())
  .option('--key <name>', 'the SDK key; not needed when there is only one with an apiKey')
  .option('--server <address>', 'where the server is; otherwise where the configuration says')
  .action(async ({ olderThan, ...options }: Parameters<typeof purgeRecordings>[2] & { olderThan: number }) => {
    process.stdout.write(`${await purgeRecordings(readConfig(process.env), olderThan, options)}\n`)
  })

program
  .command('config')
  .description('the configuration')
  .command('check')
  .description('names every wrong setting; ends with code 1 when there is one')
  .action(() => {
    const { host, port, keys } = readConfig(process.env)
    if (keys.length === 0 && !isLoopback(host))
      throw new ConfigError(
        'keys: is missing, and "host" can be reached by others. Make one: alongside key create NAME',
      )
    const names = keys.map(({ sdkKey }) => sdkKey).join(', ') || 'none, so development mode on this machine'
    process.stdout.write(`The configuration is right. It listens on ${host}, port ${port}. Keys: ${names}.\n`)
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
