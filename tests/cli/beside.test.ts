import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openCommandLine, serveProcess, spawnCli } from './command-line.ts'
import { ENGINE } from '../support/database.ts'

const HEADER = 'id,product_category,brand,repair_status,event_date,problem'

test.skipIf(ENGINE === 'postgres')(
  'while an import runs beside it, the server answers every read and write',
  async () => {
    await using cli = await openCommandLine()
    const rows = Array.from(
      { length: 4_000 },
      (_, n) => `b_${n},Lamp,Brand ${n % 50},Fixed,2020-01-02,dark number ${n}`,
    )
    const file = cli.file('rows.csv', [HEADER, ...rows].join('\n'))
    const server = await serveProcess(cli.folder)
    const send = (method: string, path: string, body: object, token?: string) =>
      fetch(server.url + path, {
        method,
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
      })
    const account = { phone: '555-0199', password: 'correct horse' }
    await send('POST', '/v1/auth/register', { full_name: 'Anna', ...account })
    const { user, tokens } = (await (await send('POST', '/v1/auth/login', account)).json()) as {
      user: { id: number }
      tokens: { access_token: string }
    }

    const child = spawnCli(['import', 'ords', file, '--data', cli.folder])
    const ended = once(child, 'exit') as Promise<[number | null]>
    const answers = new Map<number, number>()
    for (let n = 0; child.exitCode === null; n++) {
      const wrote = await send('PATCH', `/v1/users/${user.id}`, { full_name: `Anna ${n}` }, tokens.access_token)
      answers.set(wrote.status, (answers.get(wrote.status) ?? 0) + 1)
      const read = await fetch(`${server.url}/health`)
      answers.set(read.status, (answers.get(read.status) ?? 0) + 1)
    }
    expect(await ended).toEqual([0, null])
    expect([...answers.keys()]).toEqual([200])
    await server.stop('SIGTERM')

    expect((await cli.run(['verify'])).code).toBe(0)
    expect((await cli.run(['status'])).out).toMatch(/^Repairs {6}4,000$/m)
  },
)
