import { expect, test } from 'vitest'
import { privateLookup, readAddress } from '../../../server/sync/agent/address.ts'
import { LineError } from '../../../server/sync/agent/errors.ts'

test.each([
  'https://office.example.com', 'https://office.example.com:8443/fixpoint', 'https://203.0.113.7', 'http://127.0.0.1:8000',
  'http://localhost:8000', 'http://10.1.2.3', 'http://172.31.0.1', 'http://192.168.1.5:8000', 'http://[::1]:8000',
  'http://[fd00::5]', 'http://[::ffff:192.168.1.5]', 'http://office.local',
]) ('%s may be the address of head office', (written) => {
  expect(readAddress(written).origin).toBe(new URL(written).origin)
}) // oxfmt-ignore

test.each([
  '', 'office', 'ftp://office.example.com', 'file:///etc/passwd', 'http://203.0.113.7', 'http://8.8.8.8:8000', 'http://172.32.0.1',
  'http://192.169.0.1', 'http://100.64.0.1', 'http://[2001:db8::1]', 'http://[::ffff:8.8.8.8]', 'https://me:secret@office.example.com',
  'https://office.example.com/?next=x', 'http://0x08080808',
]) ('%s may not', (written) => {
  expect(() => readAddress(written)).toThrow(LineError)
}) // oxfmt-ignore

/** What a name means to a request by plain http. */
const look = (name: string, all: boolean) =>
  new Promise((resolve) => {
    privateLookup(name, { all }, (error, found) => resolve(error instanceof LineError ? error.fault : (error ?? found)))
  })

test('a name is reached by plain http only where it means a number of a private network', async () => {
  expect(await look('8.8.8.8', true)).toBe('address')
  expect(await look('8.8.8.8', false)).toBe('address')
  expect(await look('10.0.0.1', true)).toEqual([{ address: '10.0.0.1', family: 4 }])
  expect(await look('10.0.0.1', false)).toBe('10.0.0.1')
  expect(['127.0.0.1', '::1']).toContain(await look('localhost', false))
})
