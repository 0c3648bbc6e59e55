import { Writable } from 'node:stream'
import type { Logger } from 'pino'
import { createLog } from '../log.ts'

/** A log of every level, and what was written to it. */
export class LogText {
  text = ''
  readonly log: Logger

  constructor() {
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        this.text += chunk
        done()
      },
    })
    this.log = createLog('debug', sink)
  }
}
