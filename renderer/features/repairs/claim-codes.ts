import { create } from 'zustand'
import type { Code } from './requests.ts'

/** Claim codes of customers, shown once and kept in memory alone until the stub is printed or the page goes. */
const useCodes = create<{ codes: Record<number, Code> }>(() => ({ codes: {} }))

export const keepCode = (customer_id: number, code: Code) =>
  useCodes.setState(({ codes }) => ({ codes: { ...codes, [customer_id]: code } }))

export const useClaimCode = (customer_id: number): Code | undefined => useCodes(({ codes }) => codes[customer_id])
