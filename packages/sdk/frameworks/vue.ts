import { onBeforeUnmount, onMounted, type ShallowReactive, type ShallowRef, shallowReactive, shallowRef } from 'vue'
import type { PackageSettings } from '../customer/index.ts'
import {
  type AgentView,
  type AgentViewSettings,
  type CustomerView,
  followAgent,
  followCustomer,
  leaveStage,
  NOTHING,
  openAgent,
  openCustomer,
} from './sessions.ts'

export type { AgentView, AgentViewSettings, CustomerView }

/** The customer's session of this page; what it returns changes after each event. The session outlives the component:
 *  it belongs to the page, which its customer shares. */
export function useCustomerSession(settings: PackageSettings): ShallowReactive<CustomerView> {
  const view = shallowReactive<CustomerView>({ ...NOTHING })
  let stop: (() => void) | undefined
  onMounted(() => {
    stop = followCustomer(openCustomer(settings), (next) => Object.assign(view, next))
  })
  onBeforeUnmount(() => stop?.())
  return view
}

/** An agent's session, shown in the element whose template ref is `root`: that one must be there when the component is
 *  mounted and have a size. The agent leaves when the component goes. */
export function useAgentSession(settings: AgentViewSettings): {
  view: ShallowReactive<AgentView>
  root: ShallowRef<HTMLElement | null>
} {
  const view = shallowReactive<AgentView>({ ...NOTHING })
  const root = shallowRef<HTMLElement | null>(null)
  let stop: (() => void) | undefined
  onMounted(() => {
    const opened = openAgent(settings, root.value)
    const unfollow = followAgent(opened, (next) => Object.assign(view, next))
    stop = () => {
      unfollow()
      // Wrong settings are in `error`.
      leaveStage(opened).catch(() => {})
    }
  })
  onBeforeUnmount(() => stop?.())
  return { view, root }
}
