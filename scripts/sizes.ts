// Fails when a script that customers download is larger than its budget.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const DIST = join(dirname(import.meta.dirname), 'packages/sdk/dist')

/** Bytes after gzip. The loader is on every page view; the rest comes when a session starts. */
const BUDGETS = [
  { name: 'loader', files: ['loader.js'], budget: 4 * 1024 },
  { name: 'loader of pages for Cobrowse.io', files: ['cobrowse-script.js'], budget: 6 * 1024 },
  { name: 'part of pages in the background', files: ['presence.js'], budget: 3 * 1024 },
  // Detectors and what decides about addresses are in it, some 2,600 bytes: the key may ask for them at any time.
  { name: 'part of pages with rules for masking', files: ['quiet.js'], budget: 9.5 * 1024 },
  { name: 'part of pages with canvases or videos', files: ['picture.js'], budget: 4 * 1024 },
  { name: 'part of pages whose script animates', files: ['animation.js'], budget: 2 * 1024 },
  { name: 'customer SDK with the mirror', files: ['loader.js', 'core.js'], budget: 40 * 1024 },
]

for (const { name, files, budget } of BUDGETS) {
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length, 0)
  console.log(`${name}: ${size} of ${budget} bytes`)
  if (size > budget) process.exitCode = 1
}
