const { protocol, hostname, port, origin } = location

/** Where the carrier's pages are: a site of its own while the demo runs on its developer's machine, whose names below
 *  `localhost` all lead to it; the shop's own elsewhere. */
export const carrierOrigin = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  ? `${protocol}//carrier.localhost:${port}`
  : origin
