// For `node --import`: the server as it would be without what holds attackers off. Throws when a place is no longer found.
import { registerHooks } from 'node:module'

const CHANGES: Record<string, [RegExp, string][]> = {
  'packages/protocol/limits.ts': [
    [/(FRAMES_PER_SECOND|CONTROLS_PER_MINUTE|PINGS_PER_MINUTE|MAX_BUFFERED_BYTES) = .+/g, '$1 = 1e9'],
    [/(MAX_FRAME_BYTES|MAX_GESTURE_BYTES) = .+/g, '$1 = 256 * 1024 * 1024'],
  ],
  'packages/server/limits.ts': [
    [/(\w*[pP]er(?:Address|Agent|Key): whole\(\w+), .+\)/g, '$1, 1e15, 1e12)'],
    [/((?:headers|hello)TimeoutMs: whole)\(.+\)/g, '$1(SECOND, 5 * MINUTE, 5 * MINUTE)'],
  ],
  'packages/server/socket/socket.ts': [
    [/allowSynchronousEvents: false/, 'allowSynchronousEvents: true'],
    [/perMessageDeflate: false/, 'perMessageDeflate: true'],
    [/maxFragments: .+/, 'maxFragments: 0,'],
    [/maxBufferedChunks: .+/, 'maxBufferedChunks: 0,'],
    [/UPGRADES_IN_A_TURN = .+/, 'UPGRADES_IN_A_TURN = 1e9'],
  ],
  'packages/server/socket/throttle.ts': [[/(BYTES_AT_ONCE|BYTES_PER_SECOND|FULL_READ) = .+/g, '$1 = 1e12']],
  'packages/server/http/fresh-connections.ts': [[/MAX_FRESH = .+/, 'MAX_FRESH = 1e9']],
  'packages/server/http/pipelines.ts': [[/MAX_WAITING = .+/, 'MAX_WAITING = 1e9']],
}

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const [name, changes] = Object.entries(CHANGES).find(([file]) => url.endsWith(file)) ?? []
    if (!changes) return loaded
    let source = String(loaded.source)
    for (const [pattern, replacement] of changes) {
      if (source.search(pattern) < 0) throw new Error(`${pattern} is not in ${name} any more`)
      source = source.replace(pattern, replacement)
    }
    return { ...loaded, source }
  },
})
