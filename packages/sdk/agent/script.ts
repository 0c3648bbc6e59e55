import { GLOBAL_NAMES, installGlobals } from '../connection/script-globals.ts'
import { readScriptPlace } from '../connection/script-place.ts'
import { createAgentSdk } from './sdk.ts'

installGlobals(GLOBAL_NAMES.agent, createAgentSdk(readScriptPlace(document.currentScript)))
