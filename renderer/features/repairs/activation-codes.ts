import { create } from 'zustand'
import type { Code } from './requests.ts'

/** Claim codes of customers, shown once and kept in memory alone until the stub is printed or the page goes. */
const useActivationCodes = create<{ codes: Record<number, Code> }>(() => ({ codes: {} }))

export const storeActivationCode = (customer_id: number, code: Code) =>
  useActivationCodes.setState(({ codes }) => ({ codes: { ...codes, [customer_id]: code } }))

export const useActivationCode = (customer_id: number): Code | undefined =>
  useActivationCodes(({ codes }) => codes[customer_id])
