import { SignJWT } from 'jose'
import type { House } from './house.ts'
import { API_SECRET, KEY } from './house.ts'

/** An integrator's back end: calls `/v2` with tokens of its own. */
export class ApiCaller {
  readonly #house: House
  readonly #apiKey: string
  readonly #secret: Uint8Array

  constructor(house: House, apiKey = KEY.apiKey, secret = API_SECRET) {
    this.#house = house
    this.#apiKey = apiKey
    this.#secret = secret
  }

  token(): Promise<string> {
    const now = Math.floor(this.#house.clock.now() / 1000)
    return new SignJWT({ iss: this.#apiKey, iat: now, exp: now + 60 })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(this.#secret)
  }

  /** Calls `/v2` + `path`; a body makes it JSON. */
  async fetch(path: string, method = 'GET', body?: unknown, more: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${await this.token()}`
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    return fetch(`${this.#house.server.origin}/v2${path}`, {
      method,
      headers: { authorization, ...json, ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** The answer of a call that succeeds. */
  async ok<Answer>(path: string, method?: string, body?: unknown): Promise<Answer> {
    const answer = await this.fetch(path, method, body)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return JSON.parse(text) as Answer
  }

  /** Status and code of a call that is refused. */
  async refusal(
    path: string,
    method?: string,
    body?: unknown,
  ): Promise<{ status: number; code: number; message: string }> {
    const answer = await this.fetch(path, method, body)
    return { status: answer.status, ...((await answer.json()) as { code: number; message: string }) }
  }
}
