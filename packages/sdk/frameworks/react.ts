import { type RefObject, useEffect, useRef, useState } from 'react'
import type { PackageSettings } from '../customer/index.ts'
import {
  type AgentView,
  type AgentViewSettings,
  type CustomerView,
  followAgent,
  followCustomer,
  leaveStage,
  NOTHING,
  type OpenedAgent,
  type OpenedCustomer,
  openAgent,
  openCustomer,
} from './sessions.ts'

export type { AgentView, AgentViewSettings, CustomerView }

/** The customer's session of this page, under the settings of the first render; the component is rendered again after
 *  each event. The session outlives the component: it belongs to the page, which its customer shares. */
export function useCustomerSession(settings: PackageSettings): CustomerView {
  const first = useRef(settings)
  // Once, although effects run twice in strict mode.
  const opened = useRef<OpenedCustomer>(undefined)
  const [view, show] = useState<CustomerView>(NOTHING)
  useEffect(() => {
    opened.current ??= openCustomer(first.current)
    return followCustomer(opened.current, show)
  }, [])
  return view
}

/** An agent's session, shown in the element that gets `root` as its ref: that one must be there from the first render on
 *  and have a size. The agent leaves when the component goes. */
export function useAgentSession(settings: AgentViewSettings): AgentView & { root: RefObject<HTMLDivElement | null> } {
  const first = useRef(settings)
  const opened = useRef<OpenedAgent>(undefined)
  const root = useRef<HTMLDivElement>(null)
  const [view, show] = useState<AgentView>(NOTHING)
  useEffect(() => {
    opened.current ??= openAgent(first.current, root.current)
    const agent = opened.current
    const stop = followAgent(agent, show)
    return () => {
      stop()
      // Wrong settings are in `error`.
      leaveStage(agent).catch(() => {})
    }
  }, [])
  return { ...view, root }
}
