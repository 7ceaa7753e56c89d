import { create } from 'zustand'
import type { Code } from './requests.ts'

/** Claim codes of customers, shown once and kept in memory alone until the stub is printed or the page goes. */
const useClaimCodes = create<{ codes: Record<number, Code> }>(() => ({ codes: {} }))

export const storeClaimCode = (customer_id: number, code: Code) =>
  useClaimCodes.setState(({ codes }) => ({ codes: { ...codes, [customer_id]: code } }))

export const useClaimCode = (customer_id: number): Code | undefined => useClaimCodes(({ codes }) => codes[customer_id])
