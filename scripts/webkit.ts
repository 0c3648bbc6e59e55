import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { defineBrowserProvider } from '@vitest/browser'
import { WEBKIT } from './browsers.ts'

/** Runs browser tests in WebKit, the engine of Safari, over W3C WebDriver: Playwright's own build cannot be had from a
 *  package registry. */
export const webkit = defineBrowserProvider({
  name: 'webkit',
  supportedBrowser: ['webkit'],
  providerFactory: () => {
    let opening: Promise<Driver> | undefined
    return {
      name: 'webkit',
      supportsParallelism: false,
      getCommandsContext: () => ({}),
      async openPage(_sessionId, url) {
        opening ??= Driver.open()
        await (await opening).go(url)
      },
      async close() {
        await (await opening)?.close()
        opening = undefined
      },
    }
  },
})

/** One browser window and the processes behind it. */
class Driver {
  readonly #processes: ChildProcess[]
  readonly #session: string

  private constructor(processes: ChildProcess[], session: string) {
    this.#processes = processes
    this.#session = session
  }

  static async open(): Promise<Driver> {
    const processes: ChildProcess[] = []
    const stop = () => {
      for (const process of processes) process.kill()
    }
    process.once('exit', stop)
    try {
      const display = spawn(WEBKIT.display, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      })
      processes.push(display)
      const number = String(await firstOutput(display, 3)).trim()
      const port = await freePort()
      const driver = spawn(WEBKIT.driver, ['--host=127.0.0.1', `--port=${port}`], {
        env: { ...process.env, DISPLAY: `:${number}` },
        stdio: 'ignore',
      })
      processes.push(driver)
      const base = `http://127.0.0.1:${port}/session`
      await untilListening(driver, port)
      const options = { binary: WEBKIT.browser(), args: ['--automation'] }
      const capabilities = {
        alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options },
      }
      const { sessionId } = await command<{ sessionId: string }>('POST', base, { capabilities })
      return new Driver(processes, `${base}/${sessionId}`)
    } catch (error) {
      stop()
      throw error
    }
  }

  async go(url: string): Promise<void> {
    await command('POST', `${this.#session}/url`, { url })
  }

  async close(): Promise<void> {
    await command('DELETE', this.#session).catch(() => {
      // The window is gone already.
    })
    for (const process of this.#processes) process.kill()
  }
}

async function command<Value>(method: string, url: string, body?: object): Promise<Value> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } }
  if (value?.error) throw new Error(`WebKitWebDriver: ${value.error}: ${value.message}`)
  return value
}

async function firstOutput(child: ChildProcess, descriptor: number): Promise<Buffer> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${child.spawnfile} ended at once`)
  })
  const [data] = (await Promise.race([
    once(child.stdio[descriptor]!, 'data'),
    once(child, 'error').then(([e]) => Promise.reject(e)),
    ended,
  ])) as [Buffer]
  return data
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The driver says nothing when it is ready. */
async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; child.exitCode === null && attempt < 300; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('WebKitWebDriver did not start')
}
