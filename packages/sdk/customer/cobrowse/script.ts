import { readOrigin } from '../../connection/origin.ts'
import { readScriptPlace } from '../../connection/script-place.ts'
import { awaitHost } from '../guests/await-host.ts'
import { type Cobrowse, createCobrowse } from './cobrowse-client.ts'
import { readProperties } from './cobrowse-settings.ts'

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
  awaitHost(
    async (name) =>
      import(
        /* @vite-ignore */ `${readOrigin(placeholder.api ?? origin, 'api')}/static/resource/sdk/${placeholder.license}/${name}`
      ),
    () => placeholder,
    (page) => readProperties(page, {}),
  )
}
