import type { IconNode } from 'lucide'
import { CirclePause, LoaderCircle, WifiOff } from 'lucide'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { OpenSession } from './desk-state.ts'
import { Icon } from './icon.tsx'

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
    <section ref={section} class="stage" tabIndex={-1} aria-label="The customer's page" hidden={!session}>
      <div class="stage-root" ref={root} />
      {veil && (
        <div class={veil.solid ? 'veil veil-solid' : 'veil'}>
          <div class="veil-card">
            <span class={veil.busy ? 'veil-icon busy' : 'veil-icon'}>
              <Icon node={veil.icon} size={24} />
            </span>
            <h2>{veil.title}</h2>
            <p>{veil.text}</p>
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
}

function describeVeil({ line, paused, picture, customerName }: OpenSession): Veil | undefined {
  if (line === 'reconnecting')
    return {
      title: 'Your connection dropped',
      text: 'Reconnecting. The picture below is the last one that arrived.',
      icon: LoaderCircle,
      busy: true,
      solid: false,
    }
  if (line === 'customer_lost')
    return {
      title: `${customerName} lost the connection`,
      text: 'This happens when a phone changes networks or a laptop sleeps. The session waits two minutes for them.',
      icon: WifiOff,
      busy: false,
      solid: false,
    }
  if (line === 'customer_left')
    return {
      title: `${customerName} left the page`,
      text: 'Another page is loading, or the tab was closed. The session waits two minutes for them.',
      icon: LoaderCircle,
      busy: true,
      solid: false,
    }
  if (paused)
    return {
      title: `${customerName} paused sharing`,
      text: 'The page is hidden until they go on. You are still in the session.',
      icon: CirclePause,
      busy: false,
      solid: true,
    }
  if (picture === 'loading')
    return {
      title: 'Loading the page',
      text: `${customerName} agreed. The picture is on its way.`,
      icon: LoaderCircle,
      busy: true,
      solid: true,
    }
  return undefined
}
