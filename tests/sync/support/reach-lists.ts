/** Where each endpoint that answers something stands for who works at one store: a new one is placed in one of these. */

/**
 * What lists rows of stores, with what it is asked. Of each store's people the one sees the words of its work, and the other none;
 * or numbers that are others; `null` where the work leaves nothing of the kind.
 */
export const LISTS: Readonly<Record<string, readonly [query: string, seen: 'mark' | 'differs' | null]>> = {
  'GET /v1/users': ['?limit=100', 'mark'],
  'GET /v1/devices': ['?limit=100', 'mark'],
  'GET /v1/assigns': ['?limit=100', 'differs'],
  'GET /v1/orders': ['?limit=100', 'mark'],
  'GET /v1/payments': ['?limit=100', 'mark'],
  'GET /api/admin/orders': ['?limit=100', 'mark'],
  'GET /api/admin/tradeins': ['?limit=100', 'mark'],
  'GET /counter/search': ['?q=mark7', 'mark'],
  'GET /counter/customers': ['?q=mark7', 'mark'],
  'GET /counter/devices': ['?serial=mark7', null],
  'GET /counter/repairs': ['', 'mark'],
  'GET /counter/repairs/count': ['', 'differs'],
  'GET /counter/repairs/counts': ['', 'differs'],
  'GET /counter/board': ['', 'mark'],
  'GET /counter/today': ['', 'differs'],
  'GET /counter/tasks': ['', null],
  'GET /counter/buy-ins': ['', 'differs'],
  'GET /counter/trade-ins': ['', 'mark'],
  'GET /counter/trade-ins/work': ['', 'differs'],
  'GET /counter/fleet/stores': ['', 'differs'],
  'GET /counter/sales-orders': ['', 'differs'],
  'GET /counter/shared-phones': ['', null],
  'GET /counter/people': ['', 'mark'],
  'GET /counter/staff': ['', 'mark'],
}

/** What answers for one row, by the row that is asked for: to the other store's people there is none. */
export const ROWS: Readonly<Record<string, (rows: Rows) => string>> = {
  'GET /v1/users/:user_id': ({ customer }) => `/v1/users/${customer}`,
  'GET /v1/devices/:device_id': ({ device }) => `/v1/devices/${device}`,
  'GET /v1/orders/:order_id': ({ order }) => `/v1/orders/${order}`,
  'GET /v1/orders/assign/:order_id': ({ order }) => `/v1/orders/assign/${order}`,
  'GET /v1/assigns/:assign_id': ({ assignment }) => `/v1/assigns/${assignment}`,
  'GET /v1/payments/:payment_id': ({ payment }) => `/v1/payments/${payment}`,
  'GET /counter/customers/:id': ({ customer }) => `/counter/customers/${customer}`,
  'GET /counter/devices/:id': ({ device }) => `/counter/devices/${device}`,
  'GET /counter/devices/:id/timeline': ({ device }) => `/counter/devices/${device}/timeline`,
  'GET /counter/tickets/:id': ({ order }) => `/counter/tickets/${order}`,
  'GET /counter/tickets/:id/photos/:photo_id': ({ order, photo }) => `/counter/tickets/${order}/photos/${photo}`,
  'GET /counter/buy-ins/:id': ({ draft }) => `/counter/buy-ins/${draft}`,
  'GET /counter/trade-ins/:id': ({ pickup }) => `/counter/trade-ins/${pickup}`,
  'GET /counter/purchases/:id': ({ receipt }) => `/counter/purchases/${receipt}`,
  'GET /counter/purchases/:id/facts': ({ pickup }) => `/counter/purchases/${pickup}/facts`,
  'GET /counter/units/:id': ({ unit }) => `/counter/units/${unit}`,
  'GET /counter/sales-orders/:id': ({ sale }) => `/counter/sales-orders/${sale}`,
}

/** What is shared by all stores on purpose, or is about nobody's rows: with the reason. */
export const SHARED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'GET /v1/devices/types', 'GET /v1/devices/brands', 'GET /v1/devices/models', 'GET /v1/problems', 'GET /api/categories',
      'GET /api/locations', 'GET /api/locations/:location_id', 'GET /api/tradein/brands', 'GET /counter/catalogue',
      'GET /counter/models', 'GET /counter/checklists', 'GET /counter/categories', 'GET /counter/locations',
      'GET /counter/trade-in-prices', 'GET /counter/trade-in-prices/sheet', 'GET /counter/trade-in-prices/history',
      'GET /counter/trade-in-prices.csv', 'GET /counter/trade-in-deductions',
    ].map((one) => [one, 'the catalogue, prices and places of the organisation: every terminal has them']),
  ), // oxfmt-ignore
  ...Object.fromEntries(
    [
      'GET /api/products', 'GET /api/products/search', 'GET /api/products/deals', 'GET /api/products/:product_id',
      'GET /uploads/products/:file', 'GET /uploads/no-picture.svg', 'GET /counter/products', 'GET /counter/products/:id',
    ].map((one) => [one, 'what the organisation sells, which everybody sees in the web shop']),
  ), // oxfmt-ignore
  ...Object.fromEntries(
    [
      'GET /api/auth/me', 'GET /api/cart', 'GET /api/cart/count', 'GET /api/addresses', 'GET /api/orders/me',
      'GET /api/tradein/pickup-requests/me', 'GET /counter/account',
    ].map((one) => [one, 'the caller’s own, wherever it is']),
  ), // oxfmt-ignore
  ...Object.fromEntries(
    [
      'GET /health', 'GET /api/health', 'GET /counter/setup', 'GET /counter/setup/joining', 'GET /counter/session',
      'GET /counter/session/offered-pin', 'GET /counter/clock', 'GET /counter/people/reaches', 'GET /counter/check',
      'GET /counter/line', 'GET /counter/line/waiting', 'GET /counter/line/differences',
    ].map((one) => [one, 'about the machine and who asks']),
  ), // oxfmt-ignore
  'GET /uploads/tradein_photos/:file': 'answers whoever has the signed address, which the divided endpoints give out',
  'GET /counter/shop': 'the settings of the caller’s own store, asked below',
  'GET /counter/shop/rules': 'the rules of the caller’s own store',
  'GET /counter/products/:id/stock': 'asked below: movements of the own store alone',
  'GET /counter/products/:id/units': 'asked below: units of the own store alone',
  'GET /counter/buy-ins/:id/photos/:photo_id': 'found by the draft, which is divided (`GET /counter/buy-ins/:id`)',
  'GET /counter/purchases/:id/photo': 'found by the purchase, which is divided (`GET /counter/purchases/:id`)',
  'GET /counter/events': 'asked below',
  'GET /counter/aside': 'asked below, of what is put aside',
  'GET /counter/aside/counts': 'asked below, of what is put aside',
  'GET /counter/aside/conflicts': 'asked below, of what is put aside',
  'GET /counter/aside/duplicates': 'asked below, of what is put aside',
}

/** What concerns all stores or the machine: refused to who works at one of them. */
export const OF_THE_ORGANISATION = ['GET /counter/fleet', 'GET /counter/sharing', 'GET /counter/aside/instead']

export type Rows = Record<
  | 'customer'
  | 'device'
  | 'order'
  | 'assignment'
  | 'payment'
  | 'photo'
  | 'draft'
  | 'pickup'
  | 'receipt'
  | 'unit'
  | 'sale',
  number | string
>
