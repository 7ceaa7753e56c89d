import { type Caller, callerKindOf } from '../auth/permissions.ts'

/** Who sends a body: a person, or for nobody in particular the address behind trusted proxies. */
export type Sender = { who: string; kind: SenderKind; isHere: boolean }
export type SenderKind = 'desk' | 'customer' | 'stranger'

export function senderOf(caller: Caller | null, address: string): Sender {
  const isHere = isLoopback(address)
  return { who: caller ? `person ${caller.id}` : address, kind: senderKindOf(caller), isHere }
}

export function senderKindOf(caller: Caller | null | undefined): SenderKind {
  if (!caller) return 'stranger'
  return callerKindOf(caller) === 'customer' ? 'customer' : 'desk'
}

/** An address of this machine, as IPv4 or IPv6 writes it. */
export const isLoopback = (address: string) => /^(::1|(::ffff:)?127(\.\d+){3})$/i.test(address)
