import { Hourglass } from 'lucide'
import { canEnterCodes } from './address.ts'
import { Icon } from './icon.tsx'
import { leave } from './session.ts'

interface WaitProps {
  /** Known once the customer is being asked. */
  customerName: string | undefined
  /** Whom the agent chose from the list. */
  calling: string | undefined
}

/** Between the code and the page: first the server, then, once it is known, the customer. */
export function WaitScreen({ customerName, calling }: WaitProps) {
  return (
    <section class="card message-card">
      <span class={customerName ? 'wait-figure wait-asking' : 'wait-figure'}>
        <span class="wait-ring" />
        {customerName ? <span class="wait-initial">{initial(customerName)}</span> : <Icon node={Hourglass} size={26} />}
      </span>
      {customerName ? (
        <>
          <h1>Waiting for the customer’s answer</h1>
          <p class="lead">
            <strong>{customerName}</strong> is being asked whether you may see the page. Ask them to choose “Allow”.
          </p>
        </>
      ) : (
        <>
          <h1>{calling === undefined ? 'Connecting' : `Calling ${calling}`}</h1>
          <p class="lead">
            {calling === undefined ? CHECKED : 'Their page is being reached. Then they will be asked.'}
          </p>
        </>
      )}
      <button class="button" type="button" onClick={leave}>
        Cancel
      </button>
    </section>
  )
}

const CHECKED = canEnterCodes ? 'The code is being checked.' : 'The link is being checked.'

function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '?'
}
