import { PartyPopper } from 'lucide'
import { Icon } from './icon.tsx'
import { Link } from './router.tsx'

export function ThanksPage() {
  return (
    <section class="page page-narrow centred">
      <span class="round">
        <Icon node={PartyPopper} size={30} />
      </span>
      <h1>Thank you, it would be on its way</h1>
      <p class="soft">This shop is a demonstration: nothing was ordered, paid or sent.</p>
      <Link to="/account" class="button">
        See your orders
      </Link>
    </section>
  )
}
