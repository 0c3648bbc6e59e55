import { Hourglass } from 'lucide'
import { canEnterCodes } from './address.ts'
import { Icon } from './icon.tsx'
import { leave } from './session.ts'

/** Between the code and the page: first the server, then, once it is known, the customer. */
export function WaitScreen({ customerName }: { customerName: string | undefined }) {
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
          <h1>Connecting</h1>
          <p class="lead">{canEnterCodes ? 'The code is being checked.' : 'The link is being checked.'}</p>
        </>
      )}
      <button class="button" type="button" onClick={leave}>
        Cancel
      </button>
    </section>
  )
}

function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '?'
}
