import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { AlongsideError } from '@alongside/protocol'
import type { FastifyRequest } from 'fastify'
import { type Logger, pino } from 'pino'
import { AssetTickets } from './assets/asset-tickets.ts'
import type { AssetBudget } from './assets/assets.ts'
import type { Backplane } from './backplane.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Config, DEFAULT_CONFIG, isLoopback } from './config.ts'
import { ConfigError } from './config-error.ts'
import { createDevelopmentKey } from './development.ts'
import { createDatabaseProbe, IN_MEMORY, openDatabase } from './history/database.ts'
import { lockDatabase } from './history/database-lock.ts'
import { History } from './history/history.ts'
import { LiveRecords } from './history/live-records.ts'
import { keepSecret } from './history/server-secrets.ts'
import { addAgentList } from './http/agent-list.ts'
import { addAgentMask } from './http/agent-mask.ts'
import { createHttp } from './http/app.ts'
import { ClientAddresses } from './http/client-address.ts'
import { toBody } from './key-mask.ts'
import { LiveKeys } from './key-settings.ts'
import type { ServerLimits } from './limits.ts'
import { MemoryBackplane } from './memory-backplane.ts'
import { Metrics } from './metrics.ts'
import { addDeviceOperations } from './presence/device-operations.ts'
import { Presence } from './presence/presence.ts'
import { PlaybackLinks } from './recordings/playback-links.ts'
import { addPlaybackRoutes } from './recordings/playback-routes.ts'
import { deriveMasterKey } from './recordings/recording-key.ts'
import { addRecordingOperations } from './recordings/recording-operations.ts'
import { Recordings } from './recordings/recordings.ts'
import { checkFolder } from './recordings/recordings-folder.ts'
import { addAuditOperations } from './rest/audit-operations.ts'
import { addSessionControl } from './rest/session-control.ts'
import { addSessionOperations } from './rest/session-operations.ts'
import { addSettingsOperations } from './rest/settings-operations.ts'
import { Sessions } from './session/sessions.ts'
import { openSocketDoor } from './socket/socket.ts'
import type { Resolve } from './webhooks/public-address.ts'
import { Webhooks } from './webhooks/webhooks.ts'

export { type Clock, systemClock } from './clock.ts'
export { type Config, isLoopback, readConfig } from './config.ts'
export { ConfigError } from './config-error.ts'
export { type Key, makeKey } from './key.ts'
export type { ServerLimits } from './limits.ts'

/** All that `startServer` may be told: the settings of `Config`, of which `port` 0 takes any free one, and what tests
 *  control. Without a key, on a loopback host, the server runs in development mode with the key `dev`. Without
 *  `databaseUrl` nothing outlives it. */
export interface ServerOptions extends Partial<Omit<Config, 'limits' | 'logLevel'>> {
  limits?: Partial<ServerLimits>
  /** How names of webhook endpoints are looked up. */
  resolve?: Resolve
  log?: Logger
  clock?: Clock
  /** What the nodes of an installation share. Of this process alone when left out. */
  backplane?: Backplane
  /** Called when the server has closed itself because another one has taken its database. */
  onTaken?: () => void
  /** The folder that holds `apps` and `packages` with their built files. */
  root?: string
}

export interface RunningServer {
  readonly host: string
  readonly port: number
  readonly development: boolean
  /** `http://host:port`. */
  readonly origin: string
  /** The customers who are present without a token. */
  readonly presence: Presence
  /** What happened in the sessions. */
  readonly history: History
  /** What is open right now. */
  counts(): { sessions: number; sockets: number; assetBytes: number }
  /** Closes every socket with 1001 and resolves when nothing is open. Sessions go on in the server that starts next on
   *  the same database. May be called twice. */
  close(): Promise<void>
}

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

/** Starts the server. Rejects with `ConfigError`, or with the system's error when the port cannot be taken. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 0, clock = systemClock, root = REPOSITORY } = options
  const log = options.log ?? pino({ level: 'silent' })
  const limits = { ...DEFAULT_CONFIG.limits, ...options.limits }
  const development = !options.keys?.length
  if (development && !isLoopback(host)) {
    throw new ConfigError(
      `HOST: ${host} can be reached by others, so keys are needed. Set "keys" in the configuration file or ALONGSIDE_KEYS, or leave HOST out to try the demo.`,
    )
  }
  let closing: Promise<void> | undefined
  let running: RunningServer | undefined
  const metrics = new Metrics()
  const { databaseUrl = IN_MEMORY } = options
  const lock = await lockDatabase({
    url: databaseUrl,
    clock,
    log,
    // A server that has just begun has nothing to close yet.
    onTaken: () => void running?.close().then(options.onTaken),
  })
  const database = await openDatabase(databaseUrl, log).catch(async (error: unknown) => {
    await lock.release()
    throw error
  })
  const probeDatabase = createDatabaseProbe(database)
  const developmentKey = development && createDevelopmentKey(await keepSecret(database, 'development key'))
  const liveKeys = await LiveKeys.load(developmentKey ? [developmentKey] : (options.keys ?? []), database)
  const keys = liveKeys.bySdkKey
  const tokens = { keys, clock, minTokenSeconds: limits.minTokenSeconds }
  const { retentionMonths = DEFAULT_CONFIG.retentionMonths } = options
  const history = new History({ database, clock, log, retentionMonths })
  const records = new LiveRecords(database, history.queue, log)
  const { recordingsFolder = DEFAULT_CONFIG.recordingsFolder, recordingsSecret } = options
  const giveUp = async (error: unknown): Promise<never> => {
    await history.close()
    await database.destroy()
    await lock.release()
    throw error
  }
  if ([...keys.values()].some(({ recording }) => recording === 'on')) await checkFolder(recordingsFolder).catch(giveUp)
  const recordings = new Recordings({
    database,
    history,
    clock,
    log,
    limits,
    keys,
    folder: recordingsFolder,
    masterKey:
      recordingsSecret === undefined ? await keepSecret(database, 'recordings') : deriveMasterKey(recordingsSecret),
  })
  const playback = new PlaybackLinks(clock)
  const tickets = new AssetTickets()
  const budget: AssetBudget = { used: 0, max: limits.maxAssetBytes }
  const context = {
    backplane: options.backplane ?? new MemoryBackplane(clock),
    clock,
    limits,
    log,
    tickets,
    budget,
    metrics,
    history,
    resumeKey: await keepSecret(database, 'resume key'),
    records,
    recordings,
    keys,
  }
  const sessions = new Sessions(context, tokens)
  liveKeys.onMask = ({ sdkKey }) => sessions.tellMask(sdkKey)
  const presence = new Presence({ sessions, tokens, clock, limits, history, log })
  const addresses = new ClientAddresses(options.trustedProxies)
  const http = await createHttp({
    keys,
    tokens,
    tickets,
    development,
    root,
    log,
    clock,
    limits,
    addresses,
    metrics,
    metricsToken: options.metricsToken,
    deskOrigin: options.deskOrigin,
    findFault,
    addOperations: (api) => {
      const originOf = ({ raw }: FastifyRequest) => addresses.originOf(raw)
      addSessionControl(api, sessions, history, originOf)
      addSessionOperations(api, history, clock)
      addAuditOperations(api, history, clock)
      addSettingsOperations(api, liveKeys, history, clock, () => checkFolder(recordingsFolder))
      addRecordingOperations(api, { recordings, links: playback, history, clock, originOf })
      addDeviceOperations(api, { presence, links: sessions.links, history, clock, originOf })
    },
    addRoutes: (app) => {
      addAgentList(app, '/agent/devices', tokens, ({ sdkKey, features }, query) => {
        if (!features.presence) throw new AlongsideError(1115)
        return presence.list(sdkKey, query)
      })
      addAgentList(app, '/agent/sessions', tokens, ({ sdkKey, features }, query) => {
        if (!features.sessionList) throw new AlongsideError(1115)
        return sessions.list(sdkKey, query)
      })
      addAgentMask(app, tokens, async (mask, { key: { sdkKey }, userId, userName }, check) => {
        const key = await liveKeys.change(sdkKey, { mask }, clock.now(), check)
        const details = { change: JSON.stringify({ mask: toBody(mask) }) }
        const person = { userId, userName, role: 'agent' } as const
        history.tell({ type: 'audit', sdkKey, action: 'settings.changed', person, details })
        return key
      })
      addPlaybackRoutes(app, { recordings, links: playback, history, root, addressOf: (raw) => addresses.of(raw) })
    },
  })
  const undoStart = async (error: unknown): Promise<never> => {
    await http.close()
    await recordings.close()
    return giveUp(error)
  }
  await http.listen({ host, port }).catch(undoStart)
  // Not before: a second server that finds port or database taken must leave sessions and webhooks to the first.
  const { allowPrivateAddresses } = options.webhooks ?? DEFAULT_CONFIG.webhooks
  const { resolve } = options
  const webhooks = new Webhooks({ keys, database, history, clock, log, metrics, allowPrivateAddresses, resolve })
  history.announceTo(webhooks)
  await sessions.load((session, address) => presence.adopt(session, address))
  await history.endAbandoned((sessionId) => sessions.has(sessionId))
  await recordings.endAbandoned((sessionId, id) => sessions.isRecording(sessionId, id))
  const door = openSocketDoor({ server: http.server, sessions, presence, addresses, clock, limits, log, metrics })
  metrics.addGauge('sessions', 'Sessions that are open, by state.', () => sessions.countStates(), 'state')
  metrics.addGauge('sockets', 'WebSockets that are open.', () => door.size)
  metrics.addGauge('history_waiting', 'Writes that wait for the database.', () => history.queue.waiting)
  metrics.addGauge('history_dropped', 'Writes that were lost for want of room.', () => history.queue.dropped)
  metrics.addGauge('asset_bytes', 'Bytes of pictures and fonts that are kept.', () => budget.used)
  const address = http.server.address() as AddressInfo
  running = {
    host,
    port: address.port,
    development,
    presence,
    history,
    origin: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    counts: () => ({ sessions: sessions.size, sockets: door.size, assetBytes: budget.used }),
    close() {
      closing ??= stop()
      return closing
    },
  }
  return running

  // Anybody may ask, so why a write failed stays in the log.
  async function findFault(): Promise<string | undefined> {
    if (closing) return 'The server is stopping.'
    if (history.fault !== undefined) return 'The database takes nothing at present.'
    return (await probeDatabase()) ?? (lock.held ? undefined : 'Another server may take the database.')
  }

  async function stop(): Promise<void> {
    log.info({ event: 'server stopping', sessions: sessions.size })
    await door.close()
    await http.close()
    await webhooks.close()
    await recordings.close()
    await history.close()
    sessions.close()
    await database.destroy()
    await lock.release()
  }
}
