import { createHash } from 'node:crypto'

/** The strong entity tag of what an address answers (RFC 9110, section 8.8.3): another one with each change. */
export function tagOf(body: object): string {
  return `"${createHash('sha256').update(JSON.stringify(body)).digest('hex')}"`
}

/** Whether a change with this `If-Match` is meant for `body`; one without it always is.
 *
 *  Proxies that compress answers write around the tag: nginx `W/` before it, Apache `-gzip` behind. Whoever got it through
 *  them must be able to save, so only what we wrote is compared. */
export function matches(ifMatch: string | undefined, body: object): boolean {
  return ifMatch === undefined || ifMatch.trim() === '*' || ifMatch.includes(tagOf(body).slice(1, -1))
}
