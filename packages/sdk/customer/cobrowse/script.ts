import { readScriptPlace } from '../../connection/script-place.ts'
import { type Cobrowse, createCobrowse } from './cobrowse-client.ts'

/** Marks the object of a script that is inserted twice. */
const INSTALLED = Symbol.for('alongside.installed')

const { origin } = readScriptPlace(document.currentScript)
const page = window as unknown as { CobrowseIO?: Partial<Cobrowse> & { [INSTALLED]?: true } }
const placeholder = page.CobrowseIO ?? {}

if (!placeholder[INSTALLED]) {
  page.CobrowseIO = Object.assign(placeholder, { [INSTALLED]: true as const })
  createCobrowse(
    {
      origin,
      loadFrom: (server) => (name) => import(/* @vite-ignore */ `${server}/CobrowseIO/${name}.js`),
    },
    placeholder,
  )
}
