import { ERRORS } from '@alongside/protocol'
import { BrowserSession } from './browser-session.ts'
import { Panel } from './panel/panel.ts'
import type { CoreOptions, SessionCore } from './session-core.ts'

/** Makes the part of a session that is loaded when it starts: the line, the capture and the panel. */
export function createCore(options: CoreOptions): SessionCore {
  // As scripts both are built without the rows of the other: scripts/build.ts.
  Object.assign(ERRORS, options.errors)
  return new BrowserSession(options, (actions) => new Panel(options.settings, actions, options.load))
}
