import { CircleAlert } from 'lucide'
import { Icon } from './icon.tsx'

/** In the place of a list that did not come. */
export function ListFailed({ text }: { text: string }) {
  return (
    <p class="devices-note devices-failed" role="alert">
      <Icon node={CircleAlert} size={18} />
      {text}
    </p>
  )
}
