import type { IconNode } from 'lucide'
import { Check, Clock, DoorOpen, Unplug } from 'lucide'
import { canEnterCodes } from './address.ts'
import { Icon } from './icon.tsx'
import { backToForm } from './session.ts'
import type { TextKey } from './texts/catalogue.ts'
import { isTextKey, t } from './texts/language.ts'

/** Not an object: a reason may be called as what every object has. */
const ICONS = new Map<string, IconNode>([
  ['left', DoorOpen],
  ['expired', Clock],
  ['connection_lost', Unplug],
  ['failed', Unplug],
])

/** Why a session is over, for an end reason of the SDK. */
export function endTitle(reason: string): string {
  return t(endKey(reason, 'title'))
}

export function EndedScreen({ reason }: { reason: string }) {
  return (
    <section class="card message-card">
      <span class="message-icon">
        <Icon node={ICONS.get(reason) ?? Check} size={26} />
      </span>
      <h1>{endTitle(reason)}</h1>
      <p class="lead">
        {t(endKey(reason, 'text'))} {reason !== 'left' && t(canEnterCodes ? 'ended.code' : 'ended.link')}
      </p>
      {canEnterCodes && (
        <button class="button button-main" type="button" onClick={backToForm} ref={focusIt}>
          {t('ended.again')}
        </button>
      )}
    </section>
  )
}

/** The only thing to do next gets the focus that the vanished page had. */
function focusIt(button: HTMLButtonElement | null): void {
  button?.focus()
}

/** A reason that a newer server knows has the words for any end. */
function endKey(reason: string, part: 'title' | 'text'): EndKey {
  const key = `ended.${reason}.${part}`
  return isEndKey(key) ? key : `ended.other.${part}`
}

type EndKey = Extract<TextKey, `ended.${string}.${string}`>

function isEndKey(key: string): key is EndKey {
  return isTextKey(key)
}
