import type { IconNode } from 'lucide'
import { Check, Clock, DoorOpen, Unplug } from 'lucide'
import { canEnterCodes } from './address.ts'
import { Icon } from './icon.tsx'
import { backToForm } from './session.ts'

interface EndText {
  title: string
  text: string
  icon: IconNode
}

const AGAIN = canEnterCodes ? 'To go on, ask the customer for a new code.' : 'To go on, ask for a new link.'

const ENDS: Record<string, EndText> = {
  left: { title: 'You left the session', text: 'The customer goes on without you.', icon: DoorOpen },
  customer_ended: { title: 'The customer ended the session', text: AGAIN, icon: Check },
  agent_ended: { title: 'The session was ended for everybody', text: AGAIN, icon: Check },
  operator_ended: { title: 'The company ended the session', text: AGAIN, icon: Check },
  expired: { title: 'The session expired', text: `It was open for too long without an answer. ${AGAIN}`, icon: Clock },
  connection_lost: {
    title: 'The customer’s connection was lost',
    text: `They were away for too long. Ask whether they are still online. ${AGAIN}`,
    icon: Unplug,
  },
  failed: { title: 'The session broke off', text: `Something failed on our side. ${AGAIN}`, icon: Unplug },
}

/** Why a session is over, for an end reason of the SDK. */
export function endText(reason: string): EndText {
  return ENDS[reason] ?? { title: 'The session is over', text: AGAIN, icon: Check }
}

export function EndedScreen({ reason }: { reason: string }) {
  const { title, text, icon } = endText(reason)
  return (
    <section class="card message-card">
      <span class="message-icon">
        <Icon node={icon} size={26} />
      </span>
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      {canEnterCodes && (
        <button class="button button-main" type="button" onClick={backToForm} ref={focusIt}>
          Enter another code
        </button>
      )}
    </section>
  )
}

/** The only thing to do next gets the focus that the vanished page had. */
function focusIt(button: HTMLButtonElement | null): void {
  button?.focus()
}
