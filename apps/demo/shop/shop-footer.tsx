import { Link } from './router.tsx'

export function ShopFooter() {
  return (
    <footer class="footer">
      <div class="footer-inner">
        <p>
          <strong>Northwind Outdoor</strong> is not a real shop. It is here to try co-browsing on: nothing is sold and
          no form is sent anywhere.
        </p>
        <nav aria-label="More">
          <Link to="/">Everything</Link>
          <Link to="/stores">Stores</Link>
          <Link to="/talk">Shop talk</Link>
          <Link to="/account">Account</Link>
        </nav>
      </div>
    </footer>
  )
}
