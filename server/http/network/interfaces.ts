import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { kindOfInterface } from '../../domain/network-kind.ts'

/** A network that this machine is in, by the name that the system gives its interface, and our address there. */
export type Network = { name: string; address: string }

/** The networks that other devices may reach us by, virtual ones last: one address of each interface, IPv4 where there is one. */
export function readNetworks(interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces): Network[] {
  const found = Object.entries(interfaces()).flatMap(([name, addresses = []]) => {
    const open = addresses.filter((one) => !one.internal && !isOfThisCable(one))
    const chosen = open.find(({ family }) => family === 'IPv4') ?? open[0]
    return chosen ? [{ name, address: chosen.address }] : []
  })
  return [...found.filter((one) => !isVirtual(one)), ...found.filter(isVirtual)]
}

const isVirtual = ({ name }: Network) => kindOfInterface(name) === 'virtual'

/** fe80::…: a browser cannot write it, since it means another place on each interface. */
const isOfThisCable = ({ family, scopeid }: NetworkInterfaceInfo) => family === 'IPv6' && scopeid !== 0

/** `http://192.168.1.5:8000` */
export const urlOf = (address: string, port: number) =>
  `http://${address.includes(':') ? `[${address}]` : address}:${port}`
