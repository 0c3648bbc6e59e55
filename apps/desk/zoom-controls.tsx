import { useSignal } from '@preact/signals'
import { Minus, Plus, Scan } from 'lucide'
import { useEffect } from 'preact/hooks'
import type { OpenSession } from './desk-state.ts'
import { Icon } from './icon.tsx'
import { setZoom, zoom } from './session.ts'

/** The factors that + and − go through: those of browsers. */
const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2]

/** How large the customer's page is drawn. */
export function ZoomControls({ viewport }: { viewport: OpenSession['viewport'] }) {
  const fit = useFitFactor(viewport)
  const now = zoom.value === 'fit' ? fit : zoom.value
  const smaller = STEPS.findLast((factor) => factor < now - 0.001)
  const larger = STEPS.find((factor) => factor > now + 0.001)
  return (
    <fieldset class="zoom" aria-label="Zoom">
      <ZoomStep label="Smaller" icon={Minus} to={smaller} />
      <output class="zoom-now" aria-label="Zoom now">
        {Math.round(now * 100)} %
      </output>
      <ZoomStep label="Larger" icon={Plus} to={larger} />
      <button
        class="tool"
        type="button"
        title="Fit to the window"
        aria-label="Fit to the window"
        aria-pressed={zoom.value === 'fit'}
        onClick={() => setZoom('fit')}
      >
        <Icon node={Scan} />
      </button>
      <button
        class="tool tool-text"
        type="button"
        title="The customer's own size"
        aria-label="1:1, the customer's own size"
        aria-pressed={zoom.value === 1}
        onClick={() => setZoom(1)}
      >
        1:1
      </button>
    </fieldset>
  )
}

function ZoomStep({ label, icon, to }: { label: string; icon: typeof Minus; to: number | undefined }) {
  return (
    <button
      class="tool"
      type="button"
      title={label}
      aria-label={label}
      aria-disabled={to === undefined}
      onClick={() => to !== undefined && setZoom(to)}
    >
      <Icon node={icon} />
    </button>
  )
}

/** The factor at which a viewport just fits the stage; never larger than the customer's own size. */
function useFitFactor(viewport: OpenSession['viewport']): number {
  const factor = useSignal(1)
  useEffect(() => {
    const stage = document.querySelector('.stage-root')
    if (!stage || !viewport) return
    const measure = () => {
      factor.value = Math.min(1, stage.clientWidth / viewport.width, stage.clientHeight / viewport.height)
    }
    const observer = new ResizeObserver(measure)
    observer.observe(stage)
    return () => observer.disconnect()
  }, [viewport?.width, viewport?.height])
  return factor.value
}
