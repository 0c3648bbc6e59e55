import type { IconNode } from 'lucide'
import { Ban, Hand, HandHelping, LoaderCircle } from 'lucide'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { assist, passAssist, turnAssist } from './assist.ts'
import { placeSheet } from './sheet.ts'
import { TipButton } from './tip.tsx'

/** Asks for the hand, and says who has it. */
export function AssistButton({ session }: { session: OpenSession }) {
  const { label, hint, icon, off } = describe(session)
  const { name } = assist.value
  return (
    <>
      <TipButton
        id="assist"
        class={`button button-small assist assist-${name}`}
        label={label}
        hint={hint}
        command="assist"
        disabled={off || session.line !== 'good'}
        onClick={turnAssist}
      >
        <Icon node={icon} size={17} />
        <span class="assist-text">{label}</span>
      </TipButton>
      {name === 'active' && session.others.length > 0 && <Pass session={session} />}
    </>
  )
}

function Pass({ session: { others } }: { session: OpenSession }) {
  return (
    <>
      <TipButton class="tool" label={t('assist.pass')} popovertarget="passing">
        <Icon node={HandHelping} />
      </TipButton>
      <div
        class="sheet"
        id="passing"
        popover="auto"
        role="dialog"
        aria-label={t('assist.pass')}
        onBeforeToggle={placeSheet}
      >
        <h2>{t('assist.pass')}</h2>
        <div class="choices">
          {others.map(({ participant, userName }) => (
            <button
              key={participant}
              class="tool choice"
              type="button"
              onClick={(event) => {
                passAssist(participant)
                event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
              }}
            >
              <bdi>{userName}</bdi>
            </button>
          ))}
        </div>
      </div>
    </>
  )
}

interface Face {
  label: string
  hint: string
  icon: IconNode
  off: boolean
}

function describe({ customerName, others, paused, picture }: OpenSession): Face {
  const { name, holder } = assist.value
  switch (name) {
    case 'off':
      return { label: t('assist.off'), hint: t('assist.off.hint'), icon: Ban, off: true }
    case 'asking':
      return {
        label: t('assist.waiting', { name: customerName }),
        hint: t('assist.waiting.hint'),
        icon: LoaderCircle,
        off: false,
      }
    case 'active':
      return { label: t('assist.stop'), hint: t('assist.mine'), icon: Hand, off: false }
    case 'other': {
      const agent = others.find(({ participant }) => participant === holder)?.userName ?? t('people.agent')
      return { label: t('assist.theirs', { name: agent }), hint: t('assist.theirs.hint'), icon: Hand, off: true }
    }
    case 'free':
      return {
        label: t('assist.ask'),
        hint: t(paused ? 'tools.off.paused' : picture === 'hidden' ? 'tools.off.hidden' : 'assist.ask.hint'),
        icon: Hand,
        off: paused || picture === 'hidden',
      }
  }
}
