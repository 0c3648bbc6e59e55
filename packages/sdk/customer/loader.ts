import { GLOBAL_NAMES, installGlobals } from '../connection/script-globals.ts'
import { readScriptPlace } from '../connection/script-place.ts'
import { awaitHost } from './guests/await-host.ts'
import { createCustomerSdk } from './sdk.ts'
import { type CustomerSettings, readSettings } from './settings.ts'

const place = readScriptPlace(document.currentScript)
let given: CustomerSettings | undefined

installGlobals(
  GLOBAL_NAMES.customer,
  createCustomerSdk(
    () => place,
    (name) => import(/* @vite-ignore */ `${place.base}/core/${name}.js`),
    (settings) => {
      given = settings
    },
  ),
)

awaitHost(
  (name) => import(/* @vite-ignore */ `${place.base}/${name}`),
  () => given,
  readSettings,
)
