import { measureRelay } from '../relay.ts'

await measureRelay(Number(process.env.BENCH_ROUNDS ?? 2))
process.exit(0)
