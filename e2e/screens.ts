// Takes a picture of every state of the desk, the customer's panel and the player, in light and dark, wide and narrow, and
// in Arabic, into `e2e/shots/screens` with one page that shows them all: `npm run screens`, or `npm run screens -- live
// assist` for some groups.
import { finish, openFolder } from './screens-camera.ts'
import { DESK_GROUPS } from './screens-desk.ts'
import { PANEL_GROUPS } from './screens-panel.ts'
import { PLAYER_GROUPS } from './screens-player.ts'

const GROUPS = { ...DESK_GROUPS, ...PANEL_GROUPS, ...PLAYER_GROUPS }

openFolder()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(GROUPS, name))
if (unknown.length) console.error(`No group ${unknown.join(', ')}. There are: ${Object.keys(GROUPS).join(', ')}.`)
for (const [name, take] of Object.entries(GROUPS)) {
  if (wanted.length && !wanted.includes(name)) continue
  for (const lang of ['', '&lang=ar']) {
    console.log(`${name}${lang && ' in Arabic'} …`)
    // One state that cannot be reached must not cost the pictures of all others.
    await take(lang).catch((error) => {
      console.error(error)
      process.exitCode = 1
    })
  }
}
await finish()
