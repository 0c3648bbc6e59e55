import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Reads where a request or an upgrade came from. The one place that looks at `X-Forwarded-For`. */
export class ClientAddresses {
  readonly #trusted: [Address, number][]

  /** `trusted` are the proxies whose word is taken: addresses, or ranges as `10.0.0.0/8`. Throws a plain `Error` for
   *  anything else. */
  constructor(trusted: readonly string[] = []) {
    this.#trusted = trusted.map(parseRange)
  }

  /** The address nearest to us that is no trusted proxy. Each proxy appends the one that it saw, so the list is read
   *  from its end, and what stands before a stranger's address is the stranger's invention. Empty when the socket is
   *  closed already. */
  of(request: IncomingMessage): string {
    const seen = parse(request.socket.remoteAddress ?? '')
    if (!seen) return ''
    let client = seen
    for (const text of readForwarded(request).reverse()) {
      if (!this.#isTrusted(client)) break
      const next = parse(text)
      if (!next) break
      client = next
    }
    return client.toString()
  }

  /** `http://` or `https://` and the host by which the caller knows this server. A trusted proxy says what came to it. */
  originOf(request: IncomingMessage): string {
    return `${this.isHttps(request) ? 'https' : 'http'}://${request.headers.host ?? this.#ownHost(request)}`
  }

  /** Whether the caller came by HTTPS: only a trusted proxy can say so. */
  isHttps(request: IncomingMessage): boolean {
    return this.isProxy(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-proto'] === 'https'
  }

  /** For HTTP/1.0, which need not name a host. */
  #ownHost({ socket }: IncomingMessage): string {
    const { localAddress = '', localPort } = socket
    return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`
  }

  /** Whether a connection from there is one of a trusted proxy. */
  isProxy(remoteAddress: string): boolean {
    const address = parse(remoteAddress)
    return address !== undefined && this.#isTrusted(address)
  }

  #isTrusted(address: Address): boolean {
    return this.#trusted.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
  }
}

/** What is counted together for a limit: an IPv6 customer owns a whole /64 and may use a new address each time. */
export function limitName(address: string): string {
  const parsed = parse(address)
  if (parsed?.kind() !== 'ipv6') return address
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

function readForwarded(request: IncomingMessage): string[] {
  return String(request.headers['x-forwarded-for'] ?? '').split(',')
}

/** Some proxies write a port behind the address: `192.0.2.1:5000`, `[2001:db8::1]:5000`. */
function parse(text: string): Address | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
  // Only the usual four decimal parts: `ipaddr.js` also reads `127.1` and `0x7f000001`.
  if (!bare.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(bare)) return undefined
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined
}

function parseRange(text: string): [Address, number] {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  if (!ipaddr.isValid(text)) throw new Error(`${text}: must be an address or a range such as 10.0.0.0/8`)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
