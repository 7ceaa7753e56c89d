import { notifications } from '@mantine/notifications'
import { create } from 'zustand'
import type {
  Boot,
  NewPin,
  OfferedPin,
  OwnPassword,
  Person,
  SignIn,
  SignInAs,
  Staff,
  SwitchUser,
} from '../server/counter/session/session.contract.ts'
import type { NewShop } from '../server/counter/session/setup.contract.ts'
import { ApiError, del, get, post, type Wire } from './api.ts'

export type Session = Wire<typeof Boot>
export type StaffMember = Wire<typeof Person>

/** Who is at the counter, and of which shop; null until the server has said so. */
export const useSession = create<{ session: Session | null; failure: Error | null }>(() => ({
  session: null,
  failure: null,
}))

/** The session of who is signed in. Only for what is shown after sign-in. */
export function useUser(): StaffMember {
  const user = useSession((state) => state.session?.user)
  if (!user) throw new Error('Nobody is signed in')
  return user
}

/** Whether who is signed in works repairs and takes money: staff and admins. The server decides; this only hides what it would refuse. */
export function useMayWork(): boolean {
  const { role, is_staff } = useUser()
  return role === 'admin' || (role === 'customer' && is_staff)
}

export function useShop(): Session['shop'] | undefined {
  return useSession((state) => state.session?.shop)
}

/** The stores whose rows are mixed in the lists: at head office, for who works at all of them; else none. */
export const useMixedStores = (): Session['stores'] => useSession((state) => state.session?.stores ?? NO_STORES)
const NO_STORES: Session['stores'] = []

/** Whether the server tells who is signed in of the shop's money: replies to evaluators lack those fields. */
export const useSeesMoney = (): boolean => useUser().role !== 'evaluator'

/** Where customers set a password with their code; null while nobody but this machine reaches us. */
export function useActivationAddress(): string | null {
  const shop = useShop()
  const isAlone = /^(localhost|127\.|\[::1\])/.test(location.hostname)
  const origin = shop?.public_address ?? (isAlone ? null : location.origin)
  return origin && `${origin}/claim`
}

let otherWindows: BroadcastChannel | undefined

/** The windows of one browser share the cookie: who signs in, switches, locks or leaves in one does so in all. */
export function followOtherWindows() {
  otherWindows = new BroadcastChannel('fixpoint.session')
  otherWindows.onmessage = () => void openSession()
}

const notifyOtherWindows = () => otherWindows?.postMessage(null)

export async function openSession() {
  try {
    setSession(await get<typeof Boot>('/counter/session'))
  } catch (error) {
    useSession.setState({ failure: error instanceof Error ? error : new Error(String(error)) })
  }
}

export async function signIn(credentials: Wire<typeof SignIn>) {
  startSession(await post<typeof Boot, typeof SignIn>('/counter/session', credentials, { keyed: false }))
}

/** Hands the counter to the person who was chosen. */
export async function signInAs(credentials: Wire<typeof SignInAs>) {
  startSession(await post<typeof Boot, typeof SignInAs>('/counter/session/person', credentials, { keyed: false }))
}

/** The people behind the counter. */
export const staffQuery = { queryKey: ['staff'], queryFn: () => get<typeof Staff>('/counter/staff') }

export async function signOut() {
  await del('/counter/session')
  notifyOtherWindows()
  await openSession()
}

/** A lock that the server has not confirmed: until then this screen stays locked, whatever the server says of the session. */
let lockUnconfirmed = false
const LOCK_RETRY_MS = 5_000

/** Locks at once on this screen; a server that does not hear of it is told again until it has. */
export async function lockScreen() {
  notifications.clean() // They may name a customer, and nothing is undone from the lock.
  lockUnconfirmed = true
  const { session } = useSession.getState()
  if (session) setSession(session)
  await sendLock()
}

async function sendLock() {
  try {
    const session = await post<typeof Boot>('/counter/session/lock', undefined, { keyed: false })
    // Somebody has unlocked it meanwhile: what the answer says is of before that.
    if (lockUnconfirmed) setSession(session)
    else await openSession()
    lockUnconfirmed = false
    notifyOtherWindows()
  } catch (error) {
    // Whose session has ended has nothing to lock; whatever else came between, the next attempt may pass.
    if (error instanceof ApiError && error.status === 401) lockUnconfirmed = false
    else setTimeout(() => lockUnconfirmed && void sendLock(), LOCK_RETRY_MS)
  }
}

export async function switchUser(to: Wire<typeof SwitchUser>) {
  startSession(await post<typeof Boot, typeof SwitchUser>('/counter/session/switch', to, { keyed: false }))
}

export async function setPin(pin: Wire<typeof NewPin>) {
  await post<typeof Boot, typeof NewPin>('/counter/session/pin', pin, { keyed: false })
  await openSession()
}

export const offerPin = async () => (await get<typeof OfferedPin>('/counter/session/offered-pin')).pin

export const changePassword = (passwords: Wire<typeof OwnPassword>) =>
  post<never, typeof OwnPassword>('/counter/session/password', passwords, { keyed: false })

export async function setUpShop(shop: Wire<typeof NewShop>) {
  startSession(await post<typeof Boot, typeof NewShop>('/counter/setup', shop, { keyed: false }))
}

function startSession(session: Session) {
  lockUnconfirmed = false
  setSession(session)
  notifyOtherWindows()
}

function setSession(session: Session) {
  const locked = session.locked || (lockUnconfirmed && session.user !== null)
  useSession.setState({ session: { ...session, locked }, failure: null })
}
