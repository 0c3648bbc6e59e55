import { agentColour } from '@alongside/sdk/agent'
import { Users } from 'lucide'
import { ownName } from '../address.ts'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { assist } from './assist.ts'
import { Invite } from './invite.tsx'
import { placeSheet } from './sheet.ts'
import { TipButton } from './tip.tsx'

interface Row {
  name: string
  /** Undefined for the customer. */
  participant: number | undefined
  part: string
  notes: string[]
}

/** Opens the list of who is in the session; shows their colours. */
export function PeopleButton({ session }: { session: OpenSession }) {
  const rows = listPeople(session)
  const label = t('live.people', { number: rows.length })
  return (
    <TipButton class="tool tool-count people-button" label={label} command="people" popovertarget="people">
      <Icon node={Users} />
      <span class="people-dots" aria-hidden="true">
        {rows.slice(0, 4).map((row) => (
          <Avatar key={row.participant} row={row} />
        ))}
        {rows.length > 4 && <span class="people-more">{rows.length}</span>}
      </span>
      <span class="people-number" aria-hidden="true">
        {rows.length}
      </span>
    </TipButton>
  )
}

/** Who is in the session, in which colour, and what they do. */
export function People({ session }: { session: OpenSession }) {
  return (
    <div class="sheet" id="people" popover="auto" onBeforeToggle={placeSheet}>
      <h2>{t('people.title')}</h2>
      <ul class="rows">
        {listPeople(session).map((row) => (
          <li key={row.participant}>
            <Avatar row={row} />
            <span class="row-text">
              <span class="row-name" dir="auto">
                {row.name}
              </span>
              <span class="row-note">{[row.part, ...row.notes].join(' · ')}</span>
            </span>
          </li>
        ))}
      </ul>
      {!session.watchOnly && <Invite />}
    </div>
  )
}

function Avatar({ row: { name, participant } }: { row: Row }) {
  const style = participant === undefined ? undefined : { background: agentColour(participant), color: '#fff' }
  return (
    <span
      class={participant === undefined ? 'avatar avatar-customer' : 'avatar'}
      style={style}
      data-letter={/[^\p{C}\p{Z}]/u.exec(name)?.[0].toUpperCase()}
      aria-hidden="true"
    />
  )
}

/** Whether that agent acts on the customer's page. */
function hasHand(participant: number): boolean {
  return assist.value.holder === participant
}

function listPeople({ customerName, line, others, participant, watchOnly }: OpenSession): Row[] {
  const lost = line === 'customer_lost' || line === 'customer_left'
  return [
    {
      name: customerName,
      participant: undefined,
      part: t('people.customer'),
      notes: lost ? [t('people.reconnecting')] : [],
    },
    {
      name: ownName ? t('people.you.name', { name: ownName }) : t('people.you'),
      participant,
      part: t('people.agent'),
      notes: [
        ...(watchOnly ? [t('people.watching')] : []),
        ...(line === 'reconnecting' ? [t('people.reconnecting')] : []),
        ...(hasHand(participant) ? [t('people.hand')] : []),
      ],
    },
    ...others.map((other) => ({
      name: other.userName,
      participant: other.participant,
      part: t('people.agent'),
      notes: [
        ...(other.watchOnly ? [t('people.watching')] : []),
        ...(other.connected ? [] : [t('people.reconnecting')]),
        ...(hasHand(other.participant) ? [t('people.hand')] : []),
      ],
    })),
  ]
}
