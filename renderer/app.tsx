import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, useEffect, type ComponentType } from 'react'
import { BrowserRouter, Navigate, Outlet, Route, Routes } from 'react-router'
import i18next from 'i18next'
import { loadWhenReachable } from './connection.ts'
import { useDensityAttribute } from './density.ts'
import { Frame } from './frame/frame.tsx'
import { AuthGate } from './frame/auth/auth-gate.tsx'
import { PaperFrame } from './frame/paper-frame.tsx'
import { NotFound } from './frame/not-found.tsx'
import { queryClient } from './query.ts'
import { useMayWork, useSession, useUser } from './session.ts'
import { cssVariables, theme } from './theme.ts'
import { useEnterListener } from './ui/fields/enter-goes-on.ts'
import { useFocusKeeper } from './ui/focus-keeper.ts'
import { useScannerListener } from './ui/scanner/scanner.ts'
import { useShortcutLayers, useShortcutListener } from './ui/scanner/shortcuts.ts'
import { toast } from './ui/states/toast.tsx'

const screenLoaders: (() => Promise<unknown>)[] = []

/** A screen that is fetched when it is first opened, or when somebody has signed in: the server may be away later. */
function screen<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  screenLoaders.push(load)
  return lazy(async () => ({ default: (await loadWhenReachable(load))[name] }))
}

const SetUp = screen(() => import('./features/settings/set-up/set-up.tsx'), 'SetUp')
const AccountScreen = screen(() => import('./features/account/account.tsx'), 'Account')
const Me = screen(() => import('./features/settings/me.tsx'), 'Me')
const ShopSettings = screen(() => import('./features/settings/shop-settings.tsx'), 'ShopSettings')
const Prices = screen(() => import('./features/trade-ins/prices/prices.tsx'), 'Prices')
const Questions = screen(() => import('./features/trade-ins/questions/questions.tsx'), 'Questions')
const BuyingIn = screen(() => import('./features/settings/buying-in.tsx'), 'BuyingIn')
const Tablets = screen(() => import('./features/settings/tablets.tsx'), 'Tablets')
const People = screen(() => import('./features/settings/people.tsx'), 'People')
const Home = screen(() => import('./features/home/home.tsx'), 'Home')
const Aside = screen(() => import('./features/aside/aside.tsx'), 'Aside')
const Customer = screen(() => import('./features/customers/customer.tsx'), 'Customer')
const Device = screen(() => import('./features/customers/device.tsx'), 'Device')
const Stores = screen(() => import('./features/fleet/stores.tsx'), 'Stores')
const Fleet = screen(() => import('./features/fleet/fleet.tsx'), 'Fleet')
const Intake = screen(() => import('./features/repairs/intake/intake.tsx'), 'Intake')
const BuyIn = screen(() => import('./features/trade-ins/evaluate/begin.tsx'), 'BuyIn')
const Evaluate = screen(() => import('./features/trade-ins/evaluate/evaluate.tsx'), 'Evaluate')
const Repairs = screen(() => import('./features/repairs/list/repairs.tsx'), 'Repairs')
const Board = screen(() => import('./features/repairs/board/board.tsx'), 'Board')
const Ticket = screen(() => import('./features/repairs/ticket/ticket.tsx'), 'Ticket')
const WebOrders = screen(() => import('./features/web-orders/web-orders.tsx'), 'WebOrders')
const WebOrder = screen(() => import('./features/web-orders/web-order.tsx'), 'WebOrder')
const WebOrderReceipt = screen(() => import('./features/web-orders/web-order-receipt.tsx'), 'WebOrderReceipt')
const TradeIns = screen(() => import('./features/trade-ins/requests/trade-ins.tsx'), 'TradeIns')
const Round = screen(() => import('./features/trade-ins/requests/round.tsx'), 'Round')
const RequestLabel = screen(() => import('./features/trade-ins/requests/request-label.tsx'), 'RequestLabel')
const Purchase = screen(() => import('./features/trade-ins/purchase/purchase.tsx'), 'Purchase')
const PurchaseDocument = screen(() => import('./features/trade-ins/document/purchase-document.tsx'), 'PurchaseDocument')
const PrintPurchase = screen(() => import('./features/trade-ins/purchase/print-purchase.tsx'), 'PrintPurchase')
const Print = screen(() => import('./features/repairs/papers/print.tsx'), 'Print')

export function App({ nonce }: { nonce: string }) {
  useShortcutListener()
  useScannerListener({ onKept: sayFinishFirst, onTaken: sayTaken })
  useEnterListener()
  useFocusKeeper()
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Density />
      <PrefetchScreens />
      <Notifications position="bottom-center" limit={1} transitionDuration={120} />
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <Screens />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** It is said until the dialog is closed: then nothing is left to be finished. */
function sayFinishFirst(code: string) {
  const said = code === '' ? i18next.t('shortcuts.finishFirst') : i18next.t('shortcuts.finishFirstKept', { code })
  const withdraw = toast(said, { bad: true })
  const stop = useShortcutLayers.subscribe(({ layers }) => {
    if (layers.some(({ dialog }) => dialog)) return
    stop()
    withdraw()
  })
}

/** Digits that a hand typed into an amount have the check digit of a code, or are none of an amount: what was made of them is said. */
function sayTaken(code: string, putBack: () => void) {
  toast(i18next.t('shortcuts.taken', { code }), { undo: { label: i18next.t('shortcuts.putBack'), run: putBack } })
}

/** Every address of the counter. `AuthGate` shows sign-in, lock or set-up until somebody is signed in. */
function Screens() {
  return (
    <Routes>
      <Route path="/claim" element={<AccountScreen />} />
      <Route path="/setup" element={<SetUp />} />
      <Route element={<AuthGate />}>
        <Route path="/sign-in" element={<Navigate to="/" replace />} />
        <Route element={<PaperFrame />}>
          <Route path="/tickets/:id/print/:paper" element={<Print />} />
          <Route path="/web-orders/:id/print/:number" element={<WebOrderReceipt />} />
          <Route path="/trade-ins/round" element={<Round />} />
          <Route path="/trade-ins/:id/print/label" element={<RequestLabel />} />
          <Route path="/purchases/:id/print/:paper" element={<PrintPurchase />} />
        </Route>
        <Route element={<Frame />}>
          <Route index element={<Home />} />
          <Route element={<RepairStaffOnly />}>
            <Route path="/intake" element={<Intake />} />
            <Route path="/aside" element={<Aside />} />
            <Route path="/web-orders" element={<WebOrders />} />
            <Route path="/web-orders/:id" element={<WebOrder />} />
            <Route path="/trade-ins/:id/purchase" element={<Purchase />} />
            <Route path="/purchases/:id" element={<PurchaseDocument />} />
          </Route>
          <Route path="/buy-in" element={<BuyIn />} />
          <Route path="/buy-in/:id" element={<Evaluate />} />
          <Route path="/trade-ins" element={<TradeIns />} />
          <Route path="/trade-ins/:id" element={<TradeIns />} />
          <Route path="/repairs" element={<Repairs />} />
          <Route path="/repairs/board" element={<Board />} />
          <Route path="/tickets/:id" element={<Ticket />} />
          <Route path="/customers/:id" element={<Customer />} />
          <Route path="/devices/:id" element={<Device />} />
          <Route path="/settings/me" element={<Me />} />
          <Route path="/settings/prices" element={<Prices />} />
          <Route element={<AdminOnly />}>
            <Route path="/settings/shop" element={<ShopSettings />} />
            <Route path="/settings/people" element={<People />} />
            <Route path="/settings/buying-in" element={<BuyingIn />} />
            <Route path="/settings/questions" element={<Questions />} />
            <Route path="/settings/tablets" element={<Tablets />} />
            <Route path="/settings/fleet" element={<Fleet />} />
            <Route path="/stores" element={<Stores />} />
          </Route>
          <Route path="*" element={<NotFound />} />
        </Route>
      </Route>
    </Routes>
  )
}

/** Screens of those who work repairs; others are sent to the start page. */
function RepairStaffOnly() {
  return useMayWork() ? <Outlet /> : <Navigate to="/" replace />
}

/** Screens of admins; others are sent to the start page. */
function AdminOnly() {
  return useUser().role === 'admin' ? <Outlet /> : <Navigate to="/" replace />
}

/** Loads the screens that were not opened yet, one after the other, so that none is missing when the connection drops. */
function PrefetchScreens() {
  const signedIn = useSession(({ session }) => session?.user != null)
  useEffect(() => {
    if (signedIn) void prefetchScreens().catch(() => {}) // A part that an update has removed: `main.tsx` loads the page anew.
  }, [signedIn])
  return null
}

async function prefetchScreens() {
  for (const load of screenLoaders) await loadWhenReachable(load)
}

function Density() {
  useDensityAttribute()
  return null
}
