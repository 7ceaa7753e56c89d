import { expect, test } from 'vitest'
import { openShop } from '../support/shop.ts'
import { openCommandLine, type } from './command-line.ts'

test('whoever is locked out gets in again with a password set on this machine, and all earlier sessions end', async () => {
  await using shop = await openShop()
  const { data, database } = shop.context.config
  const place = ['--data', data, ...('url' in database ? ['--database', database.url] : [])]
  const owner = await shop.person('admin', { full_name: 'Olga Owner' })
  const command = ['user', 'password', '--phone', owner.phone, '--password-stdin', ...place]
  const { code, out } = await type(command, 'a brand new password\n')
  expect({ code, out }).toEqual({ code: 0, out: 'Olga Owner has a new password.\n' })
  expect((await shop.call('GET', '/v1/users', { as: owner })).status).toBe(401)
  const reply = await shop.call('POST', '/v1/auth/login', {
    body: { phone: owner.phone, password: 'a brand new password' },
  })
  expect(reply.status).toBe(200)
})

test.each([
  [['--password-stdin'], 2, 'Either --phone or --email says whose it is'],
  [['--phone', '1234', '--email', 'a@b.example', '--password-stdin'], 2, 'Either --phone or --email'],
  [['--phone', '1234'], 2, '--password-stdin is needed'],
  [['--email', 'nobody@b.example', '--password-stdin'], 1, 'There is nobody with this phone number'],
])('user password %j ends with exit code %i and a sentence', async (options, exit, sentence) => {
  await using cli = await openCommandLine()
  const { code, err } = await cli.run(['user', 'password', ...options], 'long enough for one\n')
  expect(code).toBe(exit)
  expect(err).toContain(sentence)
})
