import { expect, test } from 'vitest'
import { isOwn, mayCall, mayHave, shownServer } from '../../main/policy.ts'

const OWN = 'http://127.0.0.1:8000/setup#K7PM-3QXD-9RTW'

test('the window stays on pages of its own server', () => {
  for (const address of ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000/repairs?q=1#x'])
    expect([address, isOwn(address, OWN)]).toEqual([address, true])
  const foreign = [
    'http://127.0.0.1:8001/',
    'https://127.0.0.1:8000/',
    'http://localhost:8000/',
    'http://127.0.0.1:8000.evil.example/',
    'http://127.0.0.1:8000@evil.example/',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'about:blank',
    'blob:null/1',
    '',
    'nonsense',
  ]
  for (const address of foreign) expect([address, isOwn(address, OWN)]).toEqual([address, false])
})

test('our own page may write the clipboard and nothing else, a foreign one nothing', () => {
  expect(mayHave('clipboard-sanitized-write', 'http://127.0.0.1:8000', OWN)).toBe(true)
  expect(mayHave('clipboard-sanitized-write', 'https://evil.example', OWN)).toBe(false)
  for (const permission of ['media', 'geolocation', 'notifications', 'usb', 'serial', 'openExternal', 'clipboard-read'])
    expect([permission, mayHave(permission, 'http://127.0.0.1:8000', OWN)]).toEqual([permission, false])
})

test('the shell hears only the top frame of its own window on its own page', () => {
  const page = { url: 'http://127.0.0.1:8000/', top: true }
  expect(mayCall({ frame: page, isOurWindow: true }, OWN)).toBe(true)
  expect(mayCall({ frame: page, isOurWindow: false }, OWN)).toBe(false)
  expect(mayCall({ frame: { ...page, top: false }, isOurWindow: true }, OWN)).toBe(false)
  expect(mayCall({ frame: { ...page, url: 'https://evil.example/' }, isOurWindow: true }, OWN)).toBe(false)
  expect(mayCall({ frame: null, isOurWindow: true }, OWN)).toBe(false)
})

test('the shell shows only a server of this machine', () => {
  expect(shownServer(['electron', '.', '--url=http://127.0.0.1:8000/setup#CODE'])).toBe(
    'http://127.0.0.1:8000/setup#CODE',
  )
  for (const url of [
    'https://127.0.0.1:8000',
    'http://evil.example',
    'file:///etc/passwd',
    'http://127.0.0.1.evil.example',
    '',
  ])
    expect([url, shownServer([`--url=${url}`])]).toEqual([url, null])
  expect(shownServer([])).toBeNull()
})
