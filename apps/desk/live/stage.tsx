import type { IconNode } from 'lucide'
import { CirclePause, EyeOff, LoaderCircle, WifiOff } from 'lucide'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { showAgain } from '../session.ts'
import { t } from '../texts/language.ts'
import { NoticeList } from './notice-list.tsx'
import { scrolling } from './view.ts'

/** The place of the customer's page, with what is to be said over it. */
export function Stage({ root, session }: { root: RefObject<HTMLDivElement | null>; session: OpenSession | undefined }) {
  const veil = session && describeVeil(session)
  const section = useRef<HTMLElement>(null)
  const isOpen = session !== undefined
  // The form that had the focus is gone; the next Tab should go on from the page.
  useEffect(() => {
    if (isOpen) section.current?.focus()
  }, [isOpen])
  return (
    <section
      ref={section}
      class="stage"
      // A copy that scrolls on its own does so by keyboard, too.
      tabIndex={scrolling.value === 'free' ? 0 : -1}
      aria-label={t('live.stage')}
      hidden={!session}
    >
      <div class="stage-root" ref={root} />
      {session && <NoticeList />}
      {veil && (
        <div class={veil.solid ? 'veil veil-solid' : 'veil'}>
          <div class="veil-card">
            <span class={veil.busy ? 'veil-icon busy' : 'veil-icon'}>
              <Icon node={veil.icon} size={24} />
            </span>
            <h2>{veil.title}</h2>
            <p>{veil.text}</p>
            {veil.press && (
              <button class="button" type="button" onClick={veil.press}>
                {t('failed.again')}
              </button>
            )}
          </div>
        </div>
      )}
    </section>
  )
}

interface Veil {
  title: string
  text: string
  icon: IconNode
  busy: boolean
  /** Hides what is behind it. */
  solid: boolean
  /** What “Try again” does. */
  press?(): void
}

function describeVeil({ line, paused, picture, again, customerName: name }: OpenSession): Veil | undefined {
  if (line === 'reconnecting')
    return {
      title: t('veil.reconnecting.title'),
      text: t('veil.reconnecting.text'),
      icon: LoaderCircle,
      busy: true,
      solid: false,
    }
  if (line === 'customer_lost')
    return {
      title: t('veil.lost.title', { name }),
      text: t('veil.lost.text'),
      icon: WifiOff,
      busy: false,
      solid: false,
    }
  if (line === 'customer_left')
    return {
      title: t('veil.left.title', { name }),
      text: t('veil.left.text'),
      icon: LoaderCircle,
      busy: true,
      solid: false,
    }
  if (paused)
    return {
      title: t('veil.paused.title', { name }),
      text: t('veil.paused.text'),
      icon: CirclePause,
      busy: false,
      solid: true,
    }
  if (picture === 'loading')
    return {
      title: t('veil.loading.title'),
      text: t('veil.loading.text', { name }),
      icon: LoaderCircle,
      busy: true,
      solid: true,
    }
  if (picture === 'hidden')
    return {
      title: t('veil.hidden.title'),
      text: t('veil.hidden.text'),
      icon: again ? LoaderCircle : EyeOff,
      busy: again,
      solid: true,
      press: showAgain,
    }
  return undefined
}
