import { useEffect } from 'react'
import { checkServer, markReachable, onReachableAgain } from './connection.ts'
import { queryClient } from './query.ts'
import { openSession } from './session.ts'

/** Their rows name the customer, the device, the problems and the technicians. */
const REPAIR_LISTS = ['repairs', 'board', 'home']

/** They say what the seller of a device owes for its repair. */
const PAYOUTS = ['trade-ins', 'purchase-facts']

/** Which queries show something of a table, by the first part of their key. */
export const QUERIES_BY_TABLE: Record<string, readonly string[]> = {
  repair_order: [...REPAIR_LISTS, 'tickets', 'customers', 'devices', 'search', ...PAYOUTS],
  order_event: ['tickets'],
  intake: ['tickets'],
  ticket_photo: ['tickets'],
  passcode: ['tickets'],
  assignment: [...REPAIR_LISTS, 'tickets'],
  payment: [...REPAIR_LISTS, 'tickets', 'customers', ...PAYOUTS],
  payment_entry: [...REPAIR_LISTS, 'tickets', 'customers', ...PAYOUTS],
  user: [
    ...REPAIR_LISTS,
    'tickets',
    'customers',
    'devices',
    'staff',
    'catalogue',
    'search',
    'shared-phones',
    'trade-ins',
    'purchase-facts',
    'aside',
  ],
  device: [...REPAIR_LISTS, 'tickets', 'devices', 'customers', 'search', 'trade-ins', 'aside'],
  device_type: [...REPAIR_LISTS, 'tickets', 'devices', 'customers', 'catalogue', 'search', 'aside'],
  brand: [...REPAIR_LISTS, 'tickets', 'devices', 'customers', 'catalogue', 'models', 'search', 'aside'],
  model: [...REPAIR_LISTS, 'tickets', 'devices', 'customers', 'catalogue', 'models', 'search', 'aside'],
  problem: [...REPAIR_LISTS, 'tickets', 'catalogue', 'aside'],
  unit: ['search', 'devices', 'home', 'buy-ins', 'trade-ins', 'units'],
  hold_release: ['search', 'devices', 'home', 'trade-ins', 'units'],
  stock_movement: ['devices', 'trade-ins', 'units', 'purchase-facts'],
  product: ['units'],
  receipt: ['devices', 'tickets', 'trade-ins', 'purchase-facts', 'search'],
  offer: ['devices', 'home', 'trade-ins'],
  pickup_request: ['customers', 'devices', 'home', 'tickets', 'trade-ins', 'search'],
  pickup_photo: ['trade-ins'],
  evaluation: ['trade-ins'],
  task_note: ['home', 'aside'],
  checklist_item: ['home', 'checklists', 'buy-ins'],
  sales_order: ['web-orders', 'customers'],
  sales_payment: ['web-orders', 'customers'],
  sales_payment_entry: ['web-orders', 'customers'],
  refund: ['web-orders'],
  dispute: ['web-orders', 'customers'],
  checklist: ['checklists', 'buy-ins'],
  trade_in_price: ['trade-in-prices', 'buy-ins'],
  trade_in_deduction: ['trade-in-deductions', 'buy-ins'],
  check_result: ['buy-ins', 'trade-ins'],
  buy_in_draft: ['buy-ins'],
  store: ['shop', 'home', 'fleet'],
  node: ['clock', 'fleet'],
  content_check: ['check'],
  sharing: ['sharing'],
  // Who waits for a picture asks for it again when the line is there.
  fleet: ['fleet', 'photos'],
  photo: ['photos'],
  quarantine: ['aside'],
  conflict: ['aside', 'home'],
}

/** Live updates: the server names the changed row, and the queries that show its table are fetched again. */
export function useLiveUpdates() {
  useEffect(() => {
    const changes = batchChanges()
    const close = listen(({ data }) => changes.add(entityOf(data)))
    return () => {
      close()
      changes.stop()
    }
  }, [])
}

/** The server says every 10 s that it is there. */
const SILENCE_MS = 25_000
const REFUSED_RETRY_MS = 10_000
/** What the first screens show is asked again when the stream took longer than this to open. */
const SLOW_OPEN_MS = 2_000

/**
 * The browser comes back by itself after a lost connection, but not after a refusal, and never from a connection whose
 * packets lead nowhere: after 25 s without any event the server is asked, and the stream opened anew. The server ends the
 * stream of a session that may no longer listen: whose it is now is asked each time.
 */
function listen(onMessage: (message: MessageEvent<string>) => void): () => void {
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let events: EventSource
  const startedAt = performance.now()
  let openedBefore = false
  const restartSilenceTimer = () => {
    clearTimeout(silence)
    silence = setTimeout(reopen, SILENCE_MS)
  }
  /** What happened while nobody listened is asked for as a whole. */
  const caughtUp = () => {
    restartSilenceTimer()
    markReachable()
    if (openedBefore || performance.now() - startedAt > SLOW_OPEN_MS) {
      void openSession()
      void queryClient.invalidateQueries()
    }
    openedBefore = true
  }
  const open = () => {
    restartSilenceTimer()
    events = new EventSource('/counter/events')
    events.onopen = caughtUp
    events.onmessage = (message: MessageEvent<string>) => {
      restartSilenceTimer()
      onMessage(message)
    }
    events.addEventListener('alive', restartSilenceTimer)
    events.onerror = () => {
      void checkServer()
      if (events.readyState !== EventSource.CLOSED) return
      void openSession()
      clearTimeout(retry)
      retry = setTimeout(open, REFUSED_RETRY_MS)
    }
  }
  const reopen = () => {
    void checkServer()
    clearTimeout(retry)
    events.close()
    open()
  }
  open()
  const stopFollowing = onReachableAgain(() => {
    if (events.readyState !== EventSource.OPEN) reopen()
  })
  return () => {
    stopFollowing()
    clearTimeout(retry)
    clearTimeout(silence)
    events.close()
  }
}

/** A bulk change sends hundreds of messages; each query is asked again once for all of them. */
function batchChanges() {
  const entities = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const refetch = () => {
    timer = undefined
    const names = new Set([...entities].flatMap((entity) => QUERIES_BY_TABLE[entity] ?? []))
    if (entities.has('store')) void openSession()
    entities.clear()
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => names.has(String(queryKey[0])) })
  }
  return {
    add(entity: string) {
      entities.add(entity)
      timer ??= setTimeout(refetch, 150)
    },
    stop: () => clearTimeout(timer),
  }
}

function entityOf(data: string): string {
  try {
    const message: unknown = JSON.parse(data)
    return typeof message === 'object' && message !== null && 'entity' in message ? String(message.entity) : ''
  } catch {
    return ''
  }
}
