import { randomBytes, timingSafeEqual } from 'node:crypto'

/** The rotating secret with which one participant takes its session up again on a new socket. */
export class ResumeSecret {
  #current = randomBytes(32)
  /** The secret that the last resume used. It works until the peer has proved that the next one reached it: a page
   *  that is left while it resumes still holds only the old one. */
  #used: Buffer | undefined

  get value(): string {
    return this.#current.toString('base64url')
  }

  matches(offered: string): boolean {
    const bytes = Buffer.from(offered, 'base64url')
    return isSame(bytes, this.#current) || (this.#used !== undefined && isSame(bytes, this.#used))
  }

  /** Makes the next secret after `offered` matched. */
  rotate(offered: string): string {
    this.#used = Buffer.from(offered, 'base64url')
    this.#current = randomBytes(32)
    return this.value
  }

  /** The peer answered on the socket that brought it the current secret. */
  confirm(): void {
    this.#used = undefined
  }
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
