import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Addresses that look public and are answered by the machine below: what a cloud tells its own machines. */
const METADATA = new Set(['168.63.129.16'])

/** What of IPv6 is given to the world (IANA, "IPv6 Global Unicast Address Assignments"). */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3')

/** Whether strangers on the internet would reach the same machine at this address. Addresses that hold another one
 *  (mapped, NAT64, 6to4, Teredo, ISATAP) are not, as they lead to whatever they hold. */
export function isPublicAddress(text: string): boolean {
  // `ipaddr.js` also reads octal, hexadecimal and shortened spellings, each library in its own way.
  if (isIP(text) === 0 || METADATA.has(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || (address.match(GLOBAL_IPV6) && !isIsatap(address as ipaddr.IPv6))
}

/** RFC 5214, section 6.1: 5efe stands before the IPv4 address in the lower half. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)
}

/** Whether the host of `url` is written as an address that is not public. The lookup never sees such a host. */
export function namesPrivateAddress(url: URL): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(host) !== 0 && !isPublicAddress(host)
}

/** How a name is looked up: a host and options, as `dns.lookup`. */
export type Resolve = (
  host: string,
  options: { all: true; family?: number | 'IPv4' | 'IPv6' | undefined; hints?: number | undefined },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** A lookup for sockets that fails unless every address of the name is public. The socket connects to what was looked at
 *  here and asks nobody again, so a name cannot change its meaning in between. */
export function guardLookup(resolve: Resolve = lookup): LookupFunction {
  return (host, { all, family, hints }, done) =>
    resolve(host, { all: true, family, hints }, (error, addresses) => {
      const first = addresses?.[0]
      if (error || !first) return done(error ?? new Error(`${host} has no address`), '', 0)
      const hidden = addresses.find(({ address }) => !isPublicAddress(address))
      if (hidden) return done(new Error(`${host} leads to the private address ${hidden.address}`), '', 0)
      if (all) done(null, addresses)
      else done(null, first.address, first.family)
    })
}
