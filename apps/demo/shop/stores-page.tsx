import { useComputed, useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { drawMap } from './store-map.ts'
import { STORES, type Store } from './stores.ts'

/** Height of a row, as the style sheet has it. */
const ROW_PX = 68

/** Rows that are ready above and below the visible ones. */
const SPARE_ROWS = 6

export function StoresPage() {
  const search = useSignal('')
  const chosen = useSignal<Store | undefined>(STORES[0])
  const found = useComputed(() => {
    const word = search.value.trim().toLowerCase()
    return word ? STORES.filter(({ name }) => name.toLowerCase().includes(word)) : STORES
  })
  return (
    <section class="page">
      <h1>{STORES.length.toLocaleString('en-IE')} places to try things on</h1>
      <div class="stores">
        <div class="stores-list">
          <label class="labelled">
            Town or name
            <input
              class="field"
              type="search"
              value={search.value}
              onInput={(event) => {
                search.value = event.currentTarget.value
              }}
            />
          </label>
          <StoreList
            key={search.value}
            stores={found.value}
            chosen={chosen.value}
            onChoose={(store) => {
              chosen.value = store
            }}
          />
        </div>
        {chosen.value && <iframe class="map" title={`Map of ${chosen.value.name}`} srcdoc={drawMap(chosen.value)} />}
      </div>
    </section>
  )
}

interface StoreListProps {
  stores: Store[]
  chosen: Store | undefined
  onChoose(store: Store): void
}

/** A list that only has the rows in view, over a box as tall as all of them. */
function StoreList({ stores, chosen, onChoose }: StoreListProps) {
  const box = useRef<HTMLDivElement>(null)
  const scrolled = useSignal(0)
  const first = Math.max(0, Math.floor(scrolled.value / ROW_PX) - SPARE_ROWS)
  const visible = Math.ceil((box.current?.clientHeight ?? 520) / ROW_PX) + 2 * SPARE_ROWS
  return (
    <div
      ref={box}
      class="virtual"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        scrolled.value = currentTarget.scrollTop
      }}
    >
      {stores.length === 0 && <p class="soft virtual-none">No store of that name. Try a town, such as Porto.</p>}
      <ul style={{ height: `${stores.length * ROW_PX}px` }}>
        {stores.slice(first, first + visible).map((store, index) => (
          <li key={store.number} style={{ top: `${(first + index) * ROW_PX}px` }}>
            <button class="store" type="button" aria-pressed={store === chosen} onClick={() => onChoose(store)}>
              <span>
                <strong>{store.name}</strong>
                <span class="soft small">
                  {store.hours[0]}:00 to {store.hours[1]}:00
                </span>
              </span>
              <span class="soft small">{store.distance.toFixed(1)} km</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
