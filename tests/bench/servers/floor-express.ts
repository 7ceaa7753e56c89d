import express from 'express'
import type { AddressInfo } from 'node:net'
import { serveParent } from '../child.ts'
import { openStatements, shown } from './statements.ts'

/** The floor: Express and a prepared statement, without sign-in, checks, journal or anything. */
const { db, byId, byStatus, add, newId } = openStatements(process.argv[2]!)
const app = express()
app.get('/v1/orders/:id', (req, res) => void res.json(shown(byId.get(Number(req.params.id)) as never)))
app.get('/v1/orders', (req, res) => {
  const { status, limit, offset = 0 } = req.query
  res.json(byStatus.all(status, Number(limit), Number(offset)).map((row) => shown(row as never)))
})
app.post('/v1/orders', express.json(), (req, res) => {
  const { device_id, customer_id, cost, note } = req.body
  const now = Date.now()
  const id = newId()
  add.run(id, `S1-T1-${id}`, device_id, customer_id, Math.round(Number(cost) * 100), note, now, now)
  res
    .status(201)
    .json({ id, device_id, customer_id, cost, note, status: 'Pending', created_at: new Date(now).toISOString() })
})
const server = app.listen(0, '127.0.0.1', () =>
  serveParent({ port: (server.address() as AddressInfo).port }, () => void db.close()),
)
