import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './ui/tokens.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { checkServer } from './connection.ts'
import { initLanguage } from './i18n/languages.ts'
import { refetchWhenMoneyIsHidden, refetchWhenReachable } from './query.ts'
import { followOtherWindows, openSession } from './session.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
// Libraries that add style sheets of their own (scroll lock of dialogs) look for the nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce })

// After an update of the server its old parts are gone: the page is loaded anew, but not for ever.
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('fixpoint.reloaded') ?? 0)
  if (Math.abs(Date.now() - last) < 10_000) return
  void checkServer().then((reachable) => {
    if (!reachable) return
    sessionStorage.setItem('fixpoint.reloaded', String(Date.now()))
    location.reload()
  })
})

followOtherWindows()
refetchWhenReachable()
refetchWhenMoneyIsHidden()
await Promise.all([initLanguage(), openSession()])
createRoot(root).render(<App nonce={nonce} />)
