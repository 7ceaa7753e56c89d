import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { LineError } from './errors.ts'

/** Where head office is, and whether a request may go there. */

/** Networks of the shop's own, or a tunnel's: there plain http is the shop's choice. RFC 1918, 3927, 4193, 4291. */
const PRIVATE = new BlockList()
PRIVATE.addSubnet('127.0.0.0', 8)
PRIVATE.addSubnet('10.0.0.0', 8)
PRIVATE.addSubnet('172.16.0.0', 12)
PRIVATE.addSubnet('192.168.0.0', 16)
PRIVATE.addSubnet('169.254.0.0', 16)
PRIVATE.addAddress('::1', 'ipv6')
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')

/** An address that stands for an IPv4 one (`::ffff:10.0.0.1`) is judged as that. */
const isPrivate = (address: string) => PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

const ONLY_PRIVATE = 'Outside of its own network a terminal reaches head office by https alone'

/**
 * Reads the address of head office: scheme, name and port, and a path where head office stands behind one.
 * @throws LineError `address` for what is none, holds a name and password, or is http to a public number
 */
export function readAddress(written: string): URL {
  const url = URL.parse(written)
  const isPlain = url !== null && !url.search && !url.hash && !url.username && !url.password
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw new LineError('address', 'This is no address of a head office')
  const host = hostOf(url)
  if (url.protocol === 'http:' && isIP(host) !== 0 && !isPrivate(host)) throw new LineError('address', ONLY_PRIVATE)
  return url
}

/** The name or number, without the brackets of IPv6. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/**
 * Looks a name up for a request by plain http: whatever the name means at this moment, only numbers of private networks are given
 * back. The connection goes to what was judged, for nothing is looked up a second time.
 */
export const privateLookup: LookupFunction = (name, options, answer) => {
  const all: LookupOptions & { all: true } = { ...options, all: true }
  systemLookup(name, all, (error, found) => {
    const kept = error ? [] : found.filter(({ address }) => isPrivate(address))
    if (error || kept.length === 0)
      return answer(error ?? new LineError('address', ONLY_PRIVATE), options.all ? [] : '', 0)
    const [first] = kept as [LookupAddress, ...LookupAddress[]]
    if (options.all) answer(null, kept)
    else answer(null, first.address, first.family)
  })
}
