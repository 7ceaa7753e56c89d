import { withPrefix } from '../http/endpoint.ts'
import { account } from './account/account.ts'
import { aside } from './aside/aside.ts'
import { conflicts } from './aside/conflicts.ts'
import { duplicates } from './aside/duplicates.ts'
import { buyIns } from './trade-ins/buy-ins.ts'
import { board } from './repairs/board.ts'
import { cardPayments } from './web-orders/web-orders.ts'
import { catalogue } from './repairs/catalogue.ts'
import { clock } from './session/clock.ts'
import { checks } from './settings/checks.ts'
import { activateAccount } from './session/activate-account.ts'
import { customers } from './customers/customers.ts'
import { deskSales } from './web-orders/counter-payments.ts'
import { deviceTimeline } from './customers/device-timeline.ts'
import { devices } from './customers/devices.ts'
import { changes } from './events.ts'
import { differences } from './fleet/differences.ts'
import { fleet } from './fleet/fleet.ts'
import { stores } from './fleet/stores.ts'
import { intake } from './repairs/intake.ts'
import { line } from './fleet/line.ts'
import { people } from './settings/people.ts'
import { purchases } from './trade-ins/purchases.ts'
import { questions } from './trade-ins/questions.ts'
import { productPhotos } from './stock/product-photos.ts'
import { products } from './stock/products.ts'
import { repairs } from './repairs/repairs.ts'
import { search } from './search/search.ts'
import { session } from './session/session.ts'
import { setup } from './session/setup.ts'
import { sharing } from './settings/sharing.ts'
import { shop } from './settings/shop.ts'
import { stock } from './stock/stock.ts'
import { storePlaces } from './stock/categories-and-locations.ts'
import { ticketPhotos } from './repairs/ticket-photos.ts'
import { tasks } from './tasks/tasks.ts'
import { tickets } from './repairs/tickets.ts'
import { today } from './repairs/today.ts'
import { tradeInPrices } from './trade-ins/prices.ts'
import { tradeIns } from './trade-ins/trade-ins.ts'

/** What the counter UI needs and no document has. */
export const counter = withPrefix('/counter', [
  ...setup,
  ...shop,
  ...sharing,
  ...fleet,
  ...stores,
  ...checks,
  ...line,
  ...differences,
  ...aside,
  ...conflicts,
  ...duplicates,
  ...session,
  ...clock,
  ...people,
  ...search,
  ...customers,
  ...devices,
  ...deviceTimeline,
  ...catalogue,
  ...intake,
  ...repairs,
  ...board,
  ...today,
  ...tasks,
  ...tickets,
  ...ticketPhotos,
  ...activateAccount,
  ...account,
  ...buyIns,
  ...questions,
  ...purchases,
  ...tradeIns,
  ...tradeInPrices,
  ...products,
  ...productPhotos,
  ...stock,
  ...storePlaces,
  ...cardPayments,
  ...deskSales,
  ...changes,
])
