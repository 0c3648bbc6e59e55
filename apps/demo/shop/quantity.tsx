import { Minus, Plus } from 'lucide'
import { Icon } from './icon.tsx'

/** A number with a button on either side. */
export function Quantity({ value, name, onChange }: { value: number; name: string; onChange(next: number): void }) {
  return (
    <span class="quantity">
      <button type="button" aria-label={`One ${name} less`} onClick={() => onChange(value - 1)}>
        <Icon node={Minus} size={16} />
      </button>
      <input
        type="text"
        inputMode="numeric"
        aria-label={`Quantity of ${name}`}
        value={value}
        onChange={(event) => {
          const typed = Number.parseInt(event.currentTarget.value, 10)
          onChange(Number.isNaN(typed) ? value : Math.min(99, Math.max(0, typed)))
        }}
      />
      <button type="button" aria-label={`One ${name} more`} onClick={() => onChange(Math.min(99, value + 1))}>
        <Icon node={Plus} size={16} />
      </button>
    </span>
  )
}
