import type { Request } from 'express'
import { type Caller, callerKindOf } from '../auth/permissions.ts'

/** Who sends a body: a person, or for nobody in particular the address behind trusted proxies. */
export type Sender = { who: string; kind: 'desk' | 'customer' | 'stranger'; isHere: boolean }

export function senderOf(caller: Caller | null, { ip = '' }: Request): Sender {
  const isHere = isLoopback(ip)
  if (!caller) return { who: ip, kind: 'stranger', isHere }
  const kind = callerKindOf(caller) === 'customer' ? 'customer' : 'desk'
  return { who: `person ${caller.id}`, kind, isHere }
}

/** An address of this machine, as IPv4 or IPv6 writes it. */
export const isLoopback = (address: string) => /^(::1|(::ffff:)?127(\.\d+){3})$/i.test(address)
