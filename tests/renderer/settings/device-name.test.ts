import { expect, test } from 'vitest'
import { deviceName } from '../../../renderer/features/settings/device-name.ts'

test('a device is called what people call it', () => {
  const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
  const blink = 'AppleWebKit/537.36 (KHTML, like Gecko)'
  const named: [string | null, string | null][] = [
    [
      `Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) ${webkit} Version/16.6 Mobile/15E148 Safari/604.1`,
      'iPad · Safari',
    ],
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webkit} CriOS/130.0 Safari/604.1`, 'iPhone · Chrome'],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/18.0 Safari/605.1.15`, 'Mac / iPad · Safari'],
    [`Mozilla/5.0 (Linux; Android 10; K) ${blink} Chrome/130.0.0.0 Safari/537.36`, 'Android · Chrome'],
    [
      `Mozilla/5.0 (Linux; Android 14) ${blink} SamsungBrowser/26.0 Chrome/122.0 Safari/537.36`,
      'Android · Samsung Internet',
    ],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink} Chrome/130.0 Safari/537.36 Edg/130.0`, 'Windows · Edge'],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${blink} Chrome/130.0 Safari/537.36`, 'Chromebook · Chrome'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Linux · Firefox'],
    ['curl/8.5.0', null],
    [null, null],
  ]
  for (const [userAgent, name] of named) expect([userAgent, deviceName(userAgent)]).toEqual([userAgent, name])
})
