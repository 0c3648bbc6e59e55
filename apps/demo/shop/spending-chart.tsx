import { useSignal } from '@preact/signals'
import { formatPrice } from './money.ts'
import { ORDERS } from './orders.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const HEIGHT = 150
const STEP = 44

/** What was spent in each month of the year, as bars. */
export function SpendingChart() {
  const chosen = useSignal<number | undefined>(undefined)
  const sums = MONTHS.map((_, month) => spentIn(month))
  const top = Math.max(...sums)
  const total = sums.reduce((sum, each) => sum + each, 0)
  const shown = chosen.value
  return (
    <section class="panel chart">
      <h2>This year</h2>
      <p class="chart-sum">
        <strong>{formatPrice(shown === undefined ? total : (sums[shown] ?? 0))}</strong>
        <span class="soft">{shown === undefined ? 'in 2026' : `in ${MONTHS[shown]}`}</span>
      </p>
      <svg viewBox={`0 0 ${MONTHS.length * STEP} ${HEIGHT + 26}`} role="img" aria-label="Spending by month">
        {[0.25, 0.5, 0.75, 1].map((part) => (
          <line
            key={part}
            class="chart-line"
            x1="0"
            x2={MONTHS.length * STEP}
            y1={HEIGHT * (1 - part)}
            y2={HEIGHT * (1 - part)}
          />
        ))}
        {sums.map((sum, month) => {
          const height = Math.max(3, (sum / top) * (HEIGHT - 4))
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the figures stand in the orders below as well.
            <g
              key={MONTHS[month]}
              class={shown === month ? 'chart-bar chosen' : 'chart-bar'}
              onMouseEnter={() => {
                chosen.value = month
              }}
              onMouseLeave={() => {
                chosen.value = undefined
              }}
            >
              <rect class="chart-hit" x={month * STEP} y="0" width={STEP} height={HEIGHT} />
              <rect x={month * STEP + 9} y={HEIGHT - height} width={STEP - 18} height={height} rx="5" />
              <text x={month * STEP + STEP / 2} y={HEIGHT + 19} text-anchor="middle">
                {MONTHS[month]}
              </text>
            </g>
          )
        })}
      </svg>
    </section>
  )
}

function spentIn(month: number): number {
  return ORDERS.filter(({ date, state }) => state !== 'Returned' && Number(date.slice(5, 7)) === month + 1).reduce(
    (sum, { total }) => sum + total,
    0,
  )
}
