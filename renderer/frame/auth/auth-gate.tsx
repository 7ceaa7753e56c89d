import { useEffect } from 'react'
import { Navigate, useLocation } from 'react-router'
import { Unreachable } from '../../api.ts'
import { useConnection } from '../../connection.ts'
import { openSession, useSession } from '../../session.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { AuthPage } from '../../ui/auth-page.tsx'
import { useClockConfirmation } from '../clock/date-to-confirm.tsx'
import { Lock } from './lock.tsx'
import { SignedIn } from './signed-in.tsx'
import { SignIn } from './sign-in.tsx'

/** Shows set-up, sign-in or lock in place of the screens until somebody is signed in; the address and drafts are kept. */
export function AuthGate() {
  const { hash } = useLocation()
  useClockConfirmation()
  const { session, failure } = useSession()
  const reachable = useConnection((state) => state.reachable)
  useEffect(() => {
    if (failure instanceof Unreachable && reachable) void openSession()
  }, [failure, reachable])
  if (!session)
    return failure ? (
      <AuthPage>
        <ErrorState error={failure} onRetry={() => void openSession()} />
      </AuthPage>
    ) : null
  if (session.setup_open) return <Navigate to={{ pathname: '/setup', hash }} replace />
  if (!session.user) return <SignIn />
  if (session.locked) return <Lock />
  // The key keeps one user's unsaved input from the next user.
  return <SignedIn key={session.user.id} />
}
