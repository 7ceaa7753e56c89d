import { create } from 'zustand'
import type { ActivationCode } from '../server/counter/customers/customers.contract.ts'
import type { Wire } from './api.ts'

type Code = Wire<typeof ActivationCode>

/** Activation codes of customers, made at intake or on their page: kept in memory alone, for the stub, until the page goes. */
const useActivationCodes = create<{ codes: Record<number, Code> }>(() => ({ codes: {} }))

export const storeActivationCode = (customer_id: number, code: Code) =>
  useActivationCodes.setState(({ codes }) => ({ codes: { ...codes, [customer_id]: code } }))

export const useActivationCode = (customer_id: number): Code | undefined =>
  useActivationCodes(({ codes }) => codes[customer_id])
