import { under } from '../http/endpoint.ts'
import { board } from './board.ts'
import { cardPayments } from './card-payments.ts'
import { catalogue } from './catalogue.ts'
import { claim } from './claim.ts'
import { customers } from './customers.ts'
import { deskSales } from './desk-sales.ts'
import { devices } from './devices.ts'
import { changes } from './events.ts'
import { intake } from './intake.ts'
import { people } from './people.ts'
import { productPhotos } from './product-photos.ts'
import { products } from './products.ts'
import { repairs } from './repairs.ts'
import { search } from './search.ts'
import { session } from './session.ts'
import { setup } from './setup.ts'
import { shop } from './shop.ts'
import { stock } from './stock.ts'
import { storePlaces } from './store-places.ts'
import { ticketPhotos } from './ticket-photos.ts'
import { tickets } from './tickets.ts'
import { tradeInPrices } from './trade-in-prices.ts'
import { tradeIns } from './trade-ins.ts'

/** What the counter UI needs and no document has. */
export const counter = under('/counter', [
  ...setup,
  ...shop,
  ...session,
  ...people,
  ...search,
  ...customers,
  ...devices,
  ...catalogue,
  ...intake,
  ...repairs,
  ...board,
  ...tickets,
  ...ticketPhotos,
  ...claim,
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
