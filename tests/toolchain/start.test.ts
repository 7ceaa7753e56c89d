import { expect, test } from 'vitest'
import { appWindow } from '../../server/start/chromium.ts'
import { hasDisplay } from '../../server/start/open-window.ts'

test('without a display no window is opened on Linux', () => {
  expect(hasDisplay('linux', {})).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
  expect(hasDisplay('win32', {})).toBe(true)
})

test('an app window keeps Chromium’s sandbox unless root starts it', () => {
  expect(appWindow('http://127.0.0.1:8000', '/p', false)).toContain('--app=http://127.0.0.1:8000')
  expect(appWindow('http://127.0.0.1:8000', '/p', false)).not.toContain('--no-sandbox')
  expect(appWindow('http://127.0.0.1:8000', '/p', true)).toContain('--no-sandbox')
})
