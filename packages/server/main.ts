import { pino } from 'pino'
import { ConfigError, readConfig, startServer } from './index.ts'
import { createLog } from './log.ts'

/** Ends with 128 + the number of SIGINT, as a shell reports a program that was interrupted. */
const EXIT_INTERRUPTED = 130

/** So that whatever watches the server starts another one. */
const EXIT_TAKEN = 1

try {
  const config = readConfig(process.env)
  // Logs go to the error stream: the other one carries the one line for the person who started the server.
  const log = createLog(config.logLevel, pino.destination({ dest: 2, sync: true }))
  const server = await startServer({ ...config, log, onTaken: () => process.exit(EXIT_TAKEN) })
  process.stdout.write(`Alongside is ready: ${server.origin}/\n`)
  const seen = new Set<NodeJS.Signals>()
  const stop = async (signal: NodeJS.Signals) => {
    // Ctrl-C under npm arrives here twice: from the terminal as SIGINT, and from the starting script as SIGTERM.
    if (seen.has(signal)) process.exit(EXIT_INTERRUPTED)
    seen.add(signal)
    await server.close()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  const { code, port, address, stack } = error as NodeJS.ErrnoException & { port?: number; address?: string }
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program. Stop that program, or choose another port: PORT=${next(port)} npm start`
    case 'EACCES':
      return `Port ${port} may not be opened by this user. Choose a port above 1023: PORT=4000 npm start`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST: ${address ?? process.env.HOST} is not an address of this machine. Leave HOST out, or set it to one of its addresses.`
    default:
      return stack ?? String(error)
  }
}

function next(port = 4000): number {
  return port < 65_535 ? port + 1 : 4000
}
