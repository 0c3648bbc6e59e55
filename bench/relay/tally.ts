import type { Line } from '../../packages/server/testing/line.ts'

/** What attackers tried, how often the server refused it and why, and what they could send meanwhile. */
export interface Counts {
  tries: number
  refused: Record<string, number>
  bytes: number
}

/** Where a refusal says why: a code of ours in a message or of the WebSocket in a close, a status of HTTP, or the system's
 *  word for a line that was cut. */
const REASONS = [
  /"code":(\d+)/,
  /end of the socket \((\d+)\)/,
  /server response: (\d+)/,
  /\b(ECONNRESET|EPIPE|socket hang up)\b/,
]

export class Tally {
  readonly counts: Counts = { tries: 0, refused: {}, bytes: 0 }

  /** Counts one try. Whatever is no refusal is a mistake of the bench, and thrown. */
  async try<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
    this.counts.tries++
    try {
      return await run()
    } catch (error) {
      const reason = REASONS.map((pattern) => pattern.exec(String(error))?.[1]).find(Boolean)
      if (!reason) throw error
      this.refuse(reason)
      return undefined
    }
  }

  refuse(reason: string): void {
    this.counts.refused[reason] = (this.counts.refused[reason] ?? 0) + 1
  }

  sent(bytes: number): void {
    this.counts.bytes += bytes
  }
}

/** Throws why the server has closed a line. */
export async function throwRefusal(line: Line): Promise<never> {
  for (;;) {
    const said = await line.next()
    if (said === undefined) throw new Error(`end of the socket (${await line.expectClosed()})`)
    if ('type' in said && said.type === 'error') throw new Error(JSON.stringify(said))
  }
}
