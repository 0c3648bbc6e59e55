import type { KeySettings } from '@alongside/protocol'
import type { CustomerSettings } from './settings.ts'

/** What can be used in a session. */
export type SessionFeatures = Omit<KeySettings['features'], 'presence'>

/** What the page was set to and the key does not switch off. */
export function sessionFeatures(page: CustomerSettings, { features }: KeySettings): SessionFeatures {
  return {
    agentAnnotation: features.agentAnnotation && page.allowAgentAnnotation !== false,
    customerAnnotation: features.customerAnnotation && page.allowCustomerAnnotation !== false,
    remoteAssist: features.remoteAssist && page.remoteAssist?.enable === true,
    multiTab: features.multiTab && page.multiTabSessionPersistence?.enable === true,
  }
}
