import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { WholeCodes } from '../../renderer/ui/whole-codes.tsx'

const drawn = (children: string) => renderToStaticMarkup(WholeCodes({ children }))

test.each([
  ['S1-T1-000046', '<span class="whole">S1-T1-000046</span>'],
  ['Receipt S1-T1X2-R000413', 'Receipt <span class="whole">S1-T1X2-R000413</span>'],
  [
    'S1-T1-P000007 corrects S1-T1-P000006.',
    '<span class="whole">S1-T1-P000007</span> corrects <span class="whole">S1-T1-P000006</span>.',
  ],
])('numbers of documents in %s stay in one piece', (text, markup) => {
  expect(drawn(text)).toBe(markup)
})

test.each(['', 'Screen, third-party', 'Apple iPhone 13', '2026-12-01', 'ORD12'])(
  'a text without any, %s, is left as it is',
  (text) => {
    expect(drawn(text)).toBe(text)
  },
)
