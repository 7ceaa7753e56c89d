import { parseArgs } from 'node:util'
import { catalogueFile, PRODUCTS } from './big-catalogue.ts'
import { BIG, shopFile, SMALL } from './big-shop.ts'
import { backups } from './cases/backups.ts'
import { p16 } from './cases/check.ts'
import { digests } from './cases/digests.ts'
import { imports } from './cases/imports.ts'
import { p15, REPAIRS } from './cases/joining.ts'
import { longList } from './cases/long-list.ts'
import { p7, p7Busy } from './cases/logins.ts'
import { memory } from './cases/memory.ts'
import { importedOrders, repairsOfTheCounter } from './cases/journal.ts'
import { p1, p2, p3 } from './cases/reads.ts'
import { products } from './cases/products.ts'
import { screen } from './cases/screen.ts'
import { p6 } from './cases/search.ts'
import { setUpWithDemo } from './cases/set-up.ts'
import { CHROMIUM, p10 } from './cases/start.ts'
import { p9 } from './cases/statements.ts'
import { leaveFewOpen, today } from './cases/today.ts'
import { p4, p4Fsyncs } from './cases/writes.ts'
import { start } from './child.ts'
import { missed } from './report.ts'
import { pagesAreBuilt } from '../support/program.ts'

/** `npm run bench [-- P1 P6] [--orders N]`: the figures of `quality.md`, one line each. Exits 1 when a goal was missed. */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { orders: { type: 'string' } } })
const orders = Number(values.orders ?? BIG.orders)
const size = { orders, customers: Math.min(BIG.customers, orders), notes: Math.min(BIG.notes, orders) }
const wanted = (name: string) => positionals.length === 0 || positionals.includes(name)

if (wanted('products')) {
  const catalogue = await start('fixpoint', await catalogueFile(PRODUCTS))
  await products(catalogue, PRODUCTS)
  await catalogue.stop()
}
if (wanted('SCREEN')) {
  if (CHROMIUM && pagesAreBuilt()) {
    await screen()
    await longList(orders)
  } else console.log('SCREEN was not measured: no Chromium, or no built pages (npm run build)')
}
if (wanted('P15')) await p15(Math.min(orders, REPAIRS))
if (positionals.every((name) => ['products', 'SCREEN', 'P15'].includes(name)) && positionals.length > 0)
  process.exit(missed() > 0 ? 1 : 0) // The large shop is not needed.

const file = await shopFile(size)
const small = await shopFile(SMALL)
if (wanted('P10')) {
  await p10(file)
  await setUpWithDemo()
}
if (wanted('P9')) await p9(file, orders)
if (wanted('P16')) p16(file)
if (wanted('digests')) await digests(file)
if (wanted('P11')) {
  await repairsOfTheCounter()
  await importedOrders(file, orders)
  await memory(file, orders)
}
if (wanted('ORDS')) imports()
if (['P1', 'P2', 'P3', 'P4', 'P6', 'P7'].some(wanted)) {
  const fixpoint = await start('fixpoint', file)
  const express = await start('floor-express', file)
  const http = await start('floor-http', file)
  const servers = { fixpoint, express, http }
  if (wanted('P1')) await p1(servers, orders)
  if (wanted('P2')) await p2(servers)
  if (wanted('P3')) await p3({ fixpoint, http }, small, orders)
  if (wanted('P6')) await p6({ fixpoint, http }, size.customers, size.notes)
  if (wanted('P7')) {
    await p7(fixpoint)
    await p7Busy(fixpoint)
  }
  await http.stop()
  if (wanted('P4')) {
    await p4(fixpoint, express)
    await p4Fsyncs(fixpoint)
  }
  await Promise.all([fixpoint.stop(), express.stop()])
}
if (wanted('P12') || wanted('R5')) {
  const served = await start('fixpoint', file)
  await backups(served, file, { orders })
  await served.stop()
}
if (wanted('TODAY')) {
  await leaveFewOpen(file)
  const served = await start('fixpoint', file)
  await today(served, file, orders)
  await served.stop()
}
process.exitCode = missed() > 0 ? 1 : 0
