import { useEffect } from 'react'
import { Navigate, useLocation } from 'react-router'
import { Unreachable } from '../../api.ts'
import { useConnection } from '../../connection.ts'
import { openSession, useSession } from '../../session.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { DoorPage } from '../../ui/auth-page.tsx'
import { useClockAtTheDoor } from '../clock/date-to-confirm.tsx'
import { Lock } from './lock.tsx'
import { SignedIn } from './signed-in.tsx'
import { SignIn } from './sign-in.tsx'

/** Shows what stands before the counter (set-up, sign-in, lock) in place of it; the address stays, and so do drafts. */
export function Door() {
  const { hash } = useLocation()
  useClockAtTheDoor()
  const { session, failure } = useSession()
  const reachable = useConnection((state) => state.reachable)
  useEffect(() => {
    if (failure instanceof Unreachable && reachable) void openSession()
  }, [failure, reachable])
  if (!session)
    return failure ? (
      <DoorPage>
        <ErrorState error={failure} onRetry={() => void openSession()} />
      </DoorPage>
    ) : null
  if (session.setup_open) return <Navigate to={{ pathname: '/setup', hash }} replace />
  if (!session.user) return <SignIn />
  if (session.locked) return <Lock />
  // What the one before was typing is kept for them, and is nobody else's.
  return <SignedIn key={session.user.id} />
}
