import Database from 'better-sqlite3'
import express from 'express'

/** The floor of a start: Node, the file opened and read once, Express listening. */
const [file, port] = process.argv.slice(2)
const db = new Database(file!, { readonly: true })
const one = db.prepare('select id from repair_order limit 1')
const app = express()
app.get('/health', (_req, res) => void res.json(one.get()))
app.get('/', (_req, res) => void res.send('<title>Floor</title><input>'))
app.listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
