// A server without neighbours: attacks on it cost the measured ones nothing but what the measurement itself costs.
import { makeKey, startServer } from '../../packages/server/index.ts'
import { answer } from './child.ts'
import { KEYS } from './seats.ts'

const [{ sdkKey, sdkSecret }] = JSON.parse(KEYS) as [{ sdkKey: string; sdkSecret: string }]
const { port } = await startServer({ keys: [makeKey(sdkKey, new TextEncoder().encode(sdkSecret))] })

answer(async () => ({ port }))
