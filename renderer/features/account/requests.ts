import { create } from 'zustand'
import type { Token } from '../../../server/api/auth.contract.ts'
import type { OfferAnswer, Pickup } from '../../../server/api/trade-in.contract.ts'
import type { Account } from '../../../server/counter/account/account.contract.ts'
import type { Login, SignedIn } from '../../../server/v1/auth.contract.ts'
import { get, isRefusedAs, post, postForm, type Wire } from '../../api.ts'
import { queryClient } from '../../query.ts'

export type AccountData = Wire<typeof Account>
export type Repair = AccountData['repairs'][number]
export type Offer = AccountData['offers'][number]

/** With what a customer signs in: a phone number or an e-mail address, and their password. */
export type Credentials = { login: string; password: string }

const KEPT = 'fixpoint.account'

/** A customer's access token: kept for this tab alone, so that a borrowed phone forgets it. */
export const useAccountToken = create<{ token: string | null }>(() => ({ token: sessionStorage.getItem(KEPT) }))

function keepToken(token: string | null) {
  if (token === null) sessionStorage.removeItem(KEPT)
  else sessionStorage.setItem(KEPT, token)
  queryClient.removeQueries({ queryKey: ['account'] })
  useAccountToken.setState({ token })
}

/** By the documented sign-in of either API, whichever knows the customer. */
export async function signInCustomer({ login, password }: Credentials): Promise<void> {
  keepToken(login.includes('@') ? await byEmail(login, password) : await byPhone(login, password))
}

async function byPhone(phone: string, password: string): Promise<string> {
  const { tokens } = await post<typeof SignedIn, typeof Login>('/v1/auth/login', { phone, password }, { keyed: false })
  return tokens.access_token
}

async function byEmail(username: string, password: string): Promise<string> {
  const form = new URLSearchParams({ username, password })
  return (await postForm<typeof Token>('/api/auth/token', form)).access_token
}

export const leaveAccount = () => keepToken(null)

export const accountQuery = (token: string) => ({
  queryKey: ['account', token],
  queryFn: () => get<typeof Account>('/counter/account', { token }).catch(forgetEnded),
})

/** Whose session has ended signs in again. */
function forgetEnded(error: unknown): never {
  if (isRefusedAs(error, 'session-invalid', 'not-authenticated')) keepToken(null)
  throw error
}

export async function answerOffer(token: string, id: number, action: 'accept' | 'reject'): Promise<void> {
  await post<typeof Pickup, typeof OfferAnswer>(`/api/tradein/pickup-requests/${id}/respond`, { action }, { token })
}
