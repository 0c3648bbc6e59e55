import type { IconNode } from 'lucide'
import { MapPin, MessagesSquare, ShoppingBag, UserRound } from 'lucide'
import { AccentPicker } from './accent-picker.tsx'
import { itemCount } from './cart.ts'
import { HelpButton } from './help-button.tsx'
import { Icon } from './icon.tsx'
import { Link } from './router.tsx'

export function ShopHeader() {
  return (
    <header class="header">
      <div class="header-inner">
        <Link to="/" class="logo">
          <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden="true">
            <rect class="logo-ground" width="32" height="32" rx="9" />
            <path d="M4 24 12.500 9l5 8.500 2.500-4L28 24z" fill="#faf8f4" />
            <circle cx="23" cy="8.500" r="2.500" fill="#f0a35e" />
          </svg>
          <span>
            Northwind<span class="logo-second"> Outdoor</span>
          </span>
        </Link>
        <nav class="nav" aria-label="Shop">
          <NavLink to="/stores" label="Stores" icon={MapPin} />
          <NavLink to="/talk" label="Shop talk" icon={MessagesSquare} />
          <NavLink to="/account" label="Account" icon={UserRound} />
          <AccentPicker />
          <Link to="/cart" class="nav-link">
            <Icon node={ShoppingBag} size={20} />
            <span class="nav-label">Basket</span>
            <span class="count" data-empty={itemCount.value === 0}>
              {itemCount.value}
              <span class="unseen"> items</span>
            </span>
          </Link>
        </nav>
        <HelpButton />
      </div>
    </header>
  )
}

function NavLink({ to, label, icon }: { to: string; label: string; icon: IconNode }) {
  return (
    <Link to={to} class="nav-link">
      <Icon node={icon} size={20} />
      <span class="nav-label">{label}</span>
    </Link>
  )
}
