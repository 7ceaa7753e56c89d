import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  emailKey,
  foldText,
  nameKey,
  otherSpellings,
  searchTokens,
  serialKey,
  soughtWord,
} from '../../../server/domain/text/fold.ts'

const script = fc.string({ unit: 'grapheme' })
const letters =
  'aZ ßẞæØłĐıİςΣΆάéÅé한글がガﾊﾟ手機จอมือถือโทรศัพท์شاشة١٢هاتفמָסָךहिन्दीЁйё\u0301\u0327\u3099\u200d\u00a0\t\n－１２½™㎏'
const mixed = fc.string({ unit: fc.constantFrom(...letters) })

test.each([
  ['German', 'Größe der TÜR, STRAẞE', 'grosse der tur, strasse'],
  ['Danish', 'Ødelagt SKÆRM på Ålborg', 'odelagt skaerm pa alborg'],
  ['Polish', 'Łódź: PĘKNIĘTY wyświetlacz, żółć', 'lodz: pekniety wyswietlacz, zolc'],
  ['Turkish', 'KIRIK İPHONE ığdır', 'kirik iphone igdir'],
  ['Greek', 'ΣΠΑΣΜΈΝΗ Οθόνη ΚΙΝΗΤΌΣ', 'σπασμενη οθονη κινητοσ'],
  ['Russian', 'Разбитый ЁЖ', 'разбитыи еж'],
  ['Arabic', 'شَاشَةٌ مكسورة أحمد ـــ ٠١٢٣', 'شاشه مكسوره احمد 0123'],
  ['Persian', 'گوشی شکسته ۴۵', 'گوشي شكسته 45'],
  ['Hebrew', 'מָסָךְ שָׁבוּר', 'מסך שבור'],
  ['Thai', 'จอแตก โทรศัพท์', 'จอแตก โทรศัพท์'],
  ['Chinese', '手機　屏幕碎了', '手機 屏幕碎了'],
  ['Japanese', 'ｶﾞﾗｽ が割れた', 'ガラス が割れた'],
  ['Korean', '화면 깨짐', '화면 깨짐'],
  ['Hindi', 'टूटी स्क्रीन', 'टूटी स्क्रीन'],
])('%s folds', (_, text, folded) => {
  expect(foldText(text)).toBe(folded)
})

test('marks that an invisible sign kept apart fold like those without it', () => {
  expect(foldText('\u094d\u200d\u3099')).toBe(foldText('\u094d\u3099'))
  expect(foldText(foldText('\u094d\u200d\u3099'))).toBe(foldText('\u094d\u200d\u3099'))
})

test('folding what is folded changes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(mixed, script, fc.string({ unit: 'binary' })), (text) => {
      const folded = foldText(text)
      expect(foldText(folded)).toBe(folded)
    }),
    { numRuns: 5_000 },
  )
})

test('composed and decomposed spellings, and both cases, fold alike', () => {
  fc.assert(
    fc.property(fc.oneof(mixed, script), (text) => {
      expect(foldText(text.normalize('NFD'))).toBe(foldText(text))
      expect(foldText(text.normalize('NFC'))).toBe(foldText(text))
    }),
    { numRuns: 3_000 },
  )
  for (const text of ['Größe', 'Łódź', 'ΚΙΝΗΤΌΣ', 'ЁЖ', 'Ødelagt']) {
    expect(foldText(text.toUpperCase())).toBe(foldText(text))
    expect(foldText(text.toLowerCase())).toBe(foldText(text))
  }
})

test('spaces collapse and control characters part words', () => {
  expect(foldText('  a \t\r\n b\u00a0\u2003c\u0000d  ')).toBe('a b c d')
  expect(foldText(' \n ')).toBe('')
})

test('invisible characters are left out', () => {
  expect(foldText('Dis\u00adplay\u200b \ufeffX\u202e')).toBe('display x')
})

test.each(["O'Leary", 'O’Leary', 'O‘Leary', 'O`Leary', 'O´Leary', 'OʼLeary', 'O＇Leary', 'OLeary'])(
  '%s is found like every other spelling of its apostrophe',
  (written) => {
    expect(foldText(written)).toBe('oleary')
  },
)

test('what is written out for want of a letter is another spelling of it, and the other way round', () => {
  expect(otherSpellings('Jörg Müller')).toEqual(['joerg', 'mueller'])
  expect(otherSpellings('Joerg Mueller')).toEqual(['jorg', 'muller'])
  expect(otherSpellings('Ærø Århus Kræmer')).toEqual(['aro', 'kramer', 'aeroe', 'aarhus'])
  expect(otherSpellings('Joe Smith')).toEqual(['jo'])
  expect(otherSpellings('Smith')).toEqual([])
  expect(soughtWord('Müller-Lüdenscheidt')).toBe(soughtWord('Müller-Luedenscheidt'))
  expect(soughtWord('Joe')).toBe('joe')
})

test('a folded text keeps no control character and no space at its ends', () => {
  fc.assert(
    fc.property(fc.oneof(mixed, fc.string({ unit: 'binary' })), (text) => {
      expect(foldText(text)).not.toMatch(/\p{Cc}|^\s|\s$|\s\s/u)
    }),
    { numRuns: 2_000 },
  )
})

describe('search tokens', () => {
  it('are the words, each once', () => {
    expect(searchTokens("Screen cracked, screen dead: S1-T1-000042 isn't C#")).toEqual([
      'screen',
      'cracked',
      'dead',
      's1',
      't1',
      '000042',
      'isnt',
      'c',
    ])
    expect(searchTokens('Tür größer tür')).toEqual(['tur', 'grosser'])
    expect(searchTokens(' ,.- ')).toEqual([])
  })

  it('are each character and each pair in Chinese', () => {
    expect(searchTokens('手机坏')).toEqual(['手', '机', '坏', '手机', '机坏'])
  })

  it('keep Thai vowels and tones with their consonant', () => {
    expect(searchTokens('จอดำ น้ำ')).toEqual(['จ', 'อ', 'ดํ', 'า', 'จอ', 'อดํ', 'ดํา', 'น้ํ', 'น้ํา'])
  })

  it('part Latin from Chinese within one word', () => {
    expect(searchTokens('iPhone手机12')).toEqual(['iphone', '手', '机', '手机', '12'])
  })

  it('of a part in Chinese are among those of the whole', () => {
    const han = fc.string({ unit: fc.constantFrom(...'手机屏幕碎了电池充电'), minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(han, han, han, (before, part, after) => {
        expect(searchTokens(before + part + after)).toEqual(expect.arrayContaining(searchTokens(part)))
      }),
    )
  })

  it('are the same before and after folding', () => {
    fc.assert(
      fc.property(fc.oneof(mixed, script), (text) => {
        expect(searchTokens(foldText(text))).toEqual(searchTokens(text))
      }),
    )
  })
})

test('one mailbox has one key', () => {
  expect(emailKey(' Anna.Müller@Example.COM ')).toBe('anna.müller@example.com')
  expect(emailKey('anna@x.de')).not.toBe(emailKey('ánna@x.de'))
})

test('names that differ in case or spacing alone have one key; accents tell names apart', () => {
  expect(nameKey(' Samsung  GALAXY ')).toBe(nameKey('samsung galaxy'))
  expect(nameKey('ÖKO')).toBe(nameKey('öko'))
  expect(nameKey('Café')).toBe(nameKey('Cafe\u0301'))
  expect(nameKey('Café')).not.toBe(nameKey('Cafe'))
  expect(nameKey('\u200bAp\u00adple\ufeff\u202e')).toBe(nameKey('Apple'))
})

test('a serial number has one key however it is spaced', () => {
  expect(serialKey(' c02-xk1 jq–05n ')).toBe('C02XK1JQ05N')
})
