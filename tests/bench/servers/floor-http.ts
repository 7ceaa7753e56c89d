import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveParent } from '../child.ts'
import { openStatements, shown } from './statements.ts'

/** The lower floor: node:http and a prepared statement. */
const { db, byId, byStatus, inOrder, find } = openStatements(process.argv[2]!)
const server = createServer((req, res) => {
  const url = new URL(req.url!, 'http://localhost')
  const id = url.pathname.split('/')[3]
  const { status, limit, offset, q } = Object.fromEntries(url.searchParams)
  const rows = () =>
    status ? byStatus.all(status, Number(limit), Number(offset ?? 0)) : inOrder.all(Number(limit), Number(offset))
  const found = q ? find(q) : id ? shown(byId.get(Number(id)) as never) : rows().map((row) => shown(row as never))
  const body = JSON.stringify(found)
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body)
})
server.listen(0, '127.0.0.1', () =>
  serveParent({ port: (server.address() as AddressInfo).port }, () => void db.close()),
)
