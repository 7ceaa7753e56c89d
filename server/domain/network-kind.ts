/** What an interface is, where its name says so; `virtual` ones lead to programs of this machine or out of the shop. */
export const NETWORK_KINDS = ['wifi', 'cable', 'virtual', 'unknown'] as const
export type NetworkKind = (typeof NETWORK_KINDS)[number]

/** By the names that Linux and Windows give; `en0` of macOS may be either. */
export function kindOfInterface(name: string): NetworkKind {
  if (/^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|utun|tailscale|zt|vEthernet)/.test(name)) return 'virtual'
  if (/^(wl|wi-?fi)/i.test(name)) return 'wifi'
  return /^(eth|en[opsx]|lan)/i.test(name) ? 'cable' : 'unknown'
}
