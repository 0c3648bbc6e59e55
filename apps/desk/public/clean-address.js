// The refused page, too, leaves no token in the address bar and the history. A desk that is loaded again comes without its
// token, which left the address for the tab's storage (`address.ts`): it goes back with it, once.
const KEEP_AS = 'alongside.desk'
const wasRefused = new URLSearchParams(location.search).has('access_token')
const { hash } = location
history.replaceState(null, '', location.pathname)

function takeKept() {
  try {
    const kept = sessionStorage.getItem(KEEP_AS)
    if (wasRefused) sessionStorage.removeItem(KEEP_AS)
    return wasRefused ? null : kept
  } catch {
    // A browser may forbid storage in another site's frame.
    return null
  }
}

const token = takeKept()
if (token) {
  document.documentElement.hidden = true
  location.replace(`${location.pathname}?access_token=${encodeURIComponent(token)}${hash}`)
}
