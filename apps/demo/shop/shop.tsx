import { useSignalEffect } from '@preact/signals'
import { AccountPage } from './account-page.tsx'
import { CartPage } from './cart-page.tsx'
import { CataloguePage } from './catalogue-page.tsx'
import { CheckoutPage } from './checkout-page.tsx'
import { HelpBanner } from './help-button.tsx'
import { ProductPage } from './product-page.tsx'
import { findProduct } from './products.ts'
import { Link, path } from './router.tsx'
import { ShopFooter } from './shop-footer.tsx'
import { ShopHeader } from './shop-header.tsx'
import { StoresPage } from './stores-page.tsx'
import { TalkPage } from './talk-page.tsx'
import { ThanksPage } from './thanks-page.tsx'

const PAGES = {
  '/': { title: 'Shop', Page: CataloguePage },
  '/cart': { title: 'Basket', Page: CartPage },
  '/checkout': { title: 'Checkout', Page: CheckoutPage },
  '/thanks': { title: 'Thank you', Page: ThanksPage },
  '/account': { title: 'Account', Page: AccountPage },
  '/talk': { title: 'Shop talk', Page: TalkPage },
  '/stores': { title: 'Stores', Page: StoresPage },
}

export function Shop() {
  useSignalEffect(() => {
    document.title = `${titleOf(path.value)} · Northwind Outdoor`
  })
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <ShopHeader />
      <HelpBanner />
      <main id="content" tabIndex={-1}>
        <CurrentPage at={path.value} />
      </main>
      <ShopFooter />
    </>
  )
}

function CurrentPage({ at }: { at: string }) {
  if (isPage(at)) {
    const { Page } = PAGES[at]
    return <Page />
  }
  const product = productAt(at)
  return product ? <ProductPage key={product.id} product={product} /> : <NotFound />
}

function NotFound() {
  return (
    <section class="page page-narrow centred">
      <h1>This path ends here</h1>
      <p class="soft">There is no page at this address. The catalogue is a good place to go on.</p>
      <Link to="/" class="button button-main">
        See everything
      </Link>
    </section>
  )
}

function titleOf(at: string): string {
  return isPage(at) ? PAGES[at].title : (productAt(at)?.name ?? 'Not found')
}

function productAt(at: string) {
  return at.startsWith('/product/') ? findProduct(at.slice('/product/'.length)) : undefined
}

function isPage(at: string): at is keyof typeof PAGES {
  return Object.hasOwn(PAGES, at)
}
