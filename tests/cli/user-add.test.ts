import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { CLI } from '../support/program.ts'
import { openShop } from '../support/shop.ts'
import { openCommandLine, type } from './command-line.ts'

const ANNA = [
  'user',
  'add',
  '--full-name',
  'Anna Berg',
  '--phone',
  '+44 7700 900123',
  '--email',
  'anna@shop.example',
  '--role',
  'admin',
  '--password-stdin',
]

test('a person added here signs in with the password from standard input', async () => {
  await using shop = await openShop()
  const place = [
    '--data',
    shop.context.config.data,
    ...('url' in shop.context.config.database ? ['--database', shop.context.config.database.url] : []),
  ]
  const { code, out } = await type([...ANNA, ...place], 'correct horse battery\nnot this line')
  expect({ code, out }).toEqual({ code: 0, out: 'Added Anna Berg with id 1.\n' })

  const reply = await shop.call('POST', '/v1/auth/login', {
    body: { phone: '+447700900123', password: 'correct horse battery' },
  })
  expect(reply.status).toBe(200)
  expect(reply.body.user).toMatchObject({ full_name: 'Anna Berg', email: 'anna@shop.example', is_staff: true })
})

test('the program itself makes a password’s hash as costly as can be waited for', async () => {
  await using cli = await openCommandLine()
  const input = 'correct horse battery\n'
  expect(spawnSync(process.execPath, [...CLI, ...ANNA, '--data', cli.folder], { input }).status).toBe(0)
  const kept = await cli.look(({ db }) => db.selectFrom('credential').select('password_hash').execute())
  expect(kept).toEqual([{ password_hash: expect.stringMatching(/^\$2b\$12\$/) }])
})

test('a phone number that somebody has is refused with exit code 1', async () => {
  await using cli = await openCommandLine()
  await cli.run(ANNA, 'correct horse battery\n')
  const { code, err } = await cli.run(ANNA, 'correct horse battery\n')
  expect({ code, err }).toEqual({ code: 1, err: 'Phone already registered\n' })
})

test.each([
  ['--role', 'boss', "--role is one of customer, evaluator, admin, not 'boss'"],
  ['--phone', 'call me', '--phone: a phone number has 3 to 20 of digits, +, -, space and brackets'],
  ['--email', 'anna', '--email: an e-mail address is like name@example.com'],
  ['--full-name', '  ', '--full-name: a name has 1 to 200 characters, and no card number'],
])('%s %s is refused with exit code 2', async (option, value, sentence) => {
  await using cli = await openCommandLine()
  const { code, err } = await cli.run(ANNA.with(ANNA.indexOf(option) + 1, value), 'correct horse battery\n')
  expect(code).toBe(2)
  expect(err).toContain(sentence)
})

test('a password is needed for staff, and must be one', async () => {
  await using cli = await openCommandLine()
  expect(await cli.run(ANNA.slice(0, -1))).toMatchObject({
    code: 2,
    err: '--password-stdin is needed for who works here\n',
  })
  for (const password of ['short\n', 'ü'.repeat(40)])
    expect((await cli.run(ANNA, password)).err).toBe(
      '--password-stdin: a password has at least 8 characters and at most 72 bytes; letters like é count twice\n',
    )
})
