/** The global names of each role's SDK, ours first. */
export const GLOBAL_NAMES = {
  customer: ['AlongsideSDK', 'ZoomCobrowseSDK'],
  agent: ['AlongsideAgentSDK', 'ZoomCobrowseAgentSDK'],
} as const

/** What the documented snippet puts in the place of the SDK until the script is there: `init` stores its arguments. */
interface Init {
  init(...args: unknown[]): unknown
}

/** Marks what a script of ours has installed, for a script that is inserted twice. */
const INSTALLED = Symbol.for('alongside.installed')

/** Puts the SDK under its global names, in the place of the snippet's placeholder, and makes the call of `init` that
 *  came before the script. A second script changes nothing. */
export function installGlobals(names: readonly string[], sdk: object): void {
  put(names, Object.assign(sdk, { [INSTALLED]: true }))
}

/** The same for an SDK that refuses: a working script that comes later takes its place. */
export function installRefusal(names: readonly string[], sdk: object): void {
  put(names, sdk)
}

function put(names: readonly string[], sdk: object): void {
  const page = window as unknown as Record<string, unknown>
  const present = names.map((name) => page[name]).find(isInstalled)
  const installed = (present ?? sdk) as Init
  const calls = new Set<unknown>()
  for (const name of names) {
    page[name] = installed
    calls.add(page[`${name}InitArgs`])
    delete page[`${name}InitArgs`]
  }
  for (const call of calls) if (isArguments(call)) replay(installed, [...call])
}

function isInstalled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && INSTALLED in value
}

function isArguments(value: unknown): value is ArrayLike<unknown> & Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

/** Nobody holds the promise of a call that was made to the placeholder, so a refusal is said on the console. */
function replay(sdk: Init, args: unknown[]): void {
  const answered = sdk.init(...args)
  if (answered instanceof Promise) answered.catch((error: Error) => warn(error))
}

function warn(error: Error): void {
  // biome-ignore lint/suspicious/noConsole: the integrator's only way to learn of it
  console.error(`Alongside: ${error.message}`)
}
