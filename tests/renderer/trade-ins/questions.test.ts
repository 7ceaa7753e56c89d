import { expect, test } from 'vitest'
import { asked, moved, neighbour } from '../../../renderer/features/trade-ins/questions/order.ts'
import {
  effectOf,
  faultOf,
  fieldsOf,
  newDraft,
  withEffect,
  withKind,
  withOption,
} from '../../../renderer/features/trade-ins/questions/question-draft.ts'
import type { Question } from '../../../renderer/features/trade-ins/questions/requests.ts'

const question = (id: number, section: Question['section']): Question => ({ ...newDraft(), id, section, text: {} })
const list = [question(1, 'cosmetic'), question(2, 'function'), question(3, 'cosmetic'), question(4, 'function')]

test('what works is asked before what it looks like, and a question moves within its group alone', () => {
  expect(asked(list).map(({ id }) => id)).toEqual([2, 4, 1, 3])
  expect(moved(list, 2, 4)).toEqual([4, 2, 1, 3])
  expect(moved(list, 3, 1)).toEqual([2, 4, 3, 1])
  expect([moved(list, 2, 1), moved(list, 2, 2), moved(list, 9, 2)]).toEqual([null, null, null])
  expect([neighbour(list, 2, 1), neighbour(list, 4, 1), neighbour(list, 1, -1)]).toEqual([4, null, null])
})

test('an answer has a grade, a deduction or a block, never two of them', () => {
  const option = newDraft().options[0]!
  const effects = ['C', 'off 7', 'blocks', 'nothing']
  expect(effects.map((effect) => effectOf(withEffect(withEffect(option, 'B'), effect)))).toEqual(effects)
  expect(withEffect(withEffect(option, 'blocks'), 'off 7')).toMatchObject({
    grade: null,
    deduction_id: 7,
    blocks: false,
  })
})

test('a question says what it lacks, and is sent without what was left empty', () => {
  const draft = { ...newDraft(), text: { en: ' Face unlock ', de: ' ' } }
  expect(faultOf({ ...draft, text: { en: ' ' } })).toBe('noText')
  expect(faultOf({ ...draft, options: draft.options.slice(1) })).toBe('noAnswers')
  expect(faultOf(withOption(draft))).toBe('noAnswerText')
  const percent = withKind(draft, 'percent')
  expect(faultOf({ ...percent, options: percent.options.map((one) => ({ ...one, below: null })) })).toBe('noBound')
  expect([faultOf(draft), faultOf(withKind(draft, 'text'))]).toEqual([null, null])
  expect(fieldsOf(draft).text).toEqual({ en: 'Face unlock' })
})

test('answers that are added have keys of their own, also after one was taken away', () => {
  const three = withOption(withOption(newDraft()))
  const again = withOption({ ...three, options: three.options.filter(({ key }) => key !== 'answer-1') })
  expect(again.options.map(({ key }) => key)).toEqual(['yes', 'no', 'answer-2', 'answer-3'])
})
