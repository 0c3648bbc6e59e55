import { GLOBAL_NAMES, installGlobals } from '../connection/script-globals.ts'
import { readScriptPlace } from '../connection/script-place.ts'
import { createCustomerSdk } from './sdk.ts'

const place = readScriptPlace(document.currentScript)

installGlobals(
  GLOBAL_NAMES.customer,
  createCustomerSdk(
    () => place,
    (name) => import(/* @vite-ignore */ `${place.base}/core/${name}.js`),
  ),
)
