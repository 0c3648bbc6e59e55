import { ArrowLeft, ArrowRight, RotateCw } from 'lucide'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { direction, t } from '../texts/language.ts'
import { assist, go } from './assist.ts'
import { TipButton } from './tip.tsx'

/** Back, forward, reload and an address of the customer's site, for the agent who may take the page elsewhere. */
export function WayBar({ session: { site, line } }: { session: OpenSession }) {
  const { name, types } = assist.value
  if (name !== 'active' || !types.includes('navigate')) return null
  const disabled = line !== 'good'
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const address = String(new FormData(form).get('address') ?? '').trim()
    if (!address || disabled) return
    if (await go(toAddress(address, site))) form.reset()
  }
  const isMirrored = direction() === 'rtl'
  return (
    <nav class="way" aria-label={t('way.label')}>
      <TipButton class="tool" label={t('way.back')} disabled={disabled} onClick={() => go('back')}>
        <Icon node={isMirrored ? ArrowRight : ArrowLeft} />
      </TipButton>
      <TipButton class="tool" label={t('way.forward')} disabled={disabled} onClick={() => go('forward')}>
        <Icon node={isMirrored ? ArrowLeft : ArrowRight} />
      </TipButton>
      <TipButton class="tool" label={t('way.reload')} disabled={disabled} onClick={() => go('reload')}>
        <Icon node={RotateCw} size={17} />
      </TipButton>
      <form class="way-form" onSubmit={submit}>
        {site && <bdi class="way-site">{site}</bdi>}
        <input
          name="address"
          dir="ltr"
          inputMode="url"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder={t('way.placeholder')}
          aria-label={t('way.address')}
        />
        <button class="button button-small" type="submit" disabled={disabled}>
          {t('way.go')}
        </button>
      </form>
    </nav>
  )
}

/** What was typed, as an address for the customer's page: people leave out the scheme, but not the site's own name. */
function toAddress(typed: string, site: string): string {
  if (site && typed.startsWith(site)) return `//${typed}`
  return /^(\w+:|\/)/.test(typed) ? typed : `/${typed}`
}
