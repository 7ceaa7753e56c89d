import type { Translated, Words } from '../words.ts'
import * as account from './account.ts'
import * as aside from './aside.ts'
import * as auth from './auth.ts'
import * as customers from './customers.ts'
import * as fleet from './fleet.ts'
import * as frame from './frame.ts'
import * as home from './home.ts'
import * as intake from './intake.ts'
import * as papers from './papers.ts'
import * as pay from './pay.ts'
import * as refusals from './refusals.ts'
import * as repairs from './repairs.ts'
import * as settings from './settings.ts'
import * as stock from './stock.ts'
import * as tradeIns from './trade-ins.ts'
import * as webOrders from './web-orders.ts'

export const german: Translated<Words> = {
  frame: frame.words,
  refusals: refusals.words,
  account: account.words,
  aside: aside.words,
  auth: auth.words,
  customers: customers.words,
  fleet: fleet.words,
  home: home.words,
  intake: intake.words,
  papers: papers.words,
  pay: pay.words,
  repairs: repairs.words,
  settings: settings.words,
  stock: stock.words,
  'trade-ins': tradeIns.words,
  'web-orders': webOrders.words,
}
