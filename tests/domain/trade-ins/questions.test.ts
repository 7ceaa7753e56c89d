import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GRADES } from '../../../server/domain/grade.ts'
import { assess, type Choice, optionOf, type Question } from '../../../server/domain/trade-ins/questions.ts'

const option = (key: string, effect: Partial<Choice> = {}): Choice => ({
  key,
  grade: null,
  deduction_id: null,
  blocks: false,
  below: null,
  ...effect,
})
const question = (id: number, fields: Partial<Question>): Question => ({
  id,
  answers: 'yes-no',
  must: true,
  options: [option('yes'), option('no')],
  ...fields,
})

const STARTS = question(1, { options: [option('yes'), option('no', { grade: 'E' })] })
const LOCK = question(2, { options: [option('off'), option('on', { blocks: true })] })
const SCREEN = question(3, {
  answers: 'levels',
  options: [option('none'), option('near', { grade: 'B' }), option('far', { grade: 'C' })],
})
const PORT = question(4, { must: false, options: [option('yes'), option('no', { deduction_id: 7 })] })
const CAMERA = question(5, { must: false, options: [option('yes'), option('no', { deduction_id: 7 })] })
const BATTERY = question(6, {
  answers: 'percent',
  options: [option('weak', { below: 80, deduction_id: 8 }), option('dead', { below: 50, deduction_id: 9 })],
})
const ALL = [STARTS, LOCK, SCREEN, PORT, CAMERA, BATTERY]

test('the grade is the worst of the answers, and A without any', () => {
  expect(assess(ALL, []).grade).toBe('A')
  const answers = [
    { item_id: 1, choice: 'yes' },
    { item_id: 3, choice: 'near' },
  ]
  expect(assess(ALL, answers).grade).toBe('B')
  expect(assess(ALL, [...answers, { item_id: 1, choice: 'no' }]).grade).toBe('E')
})

test('what two answers take off is taken off once', () => {
  const broken = [
    { item_id: 4, choice: 'no' },
    { item_id: 5, choice: 'no' },
  ]
  expect(assess(ALL, broken).deduction_ids).toEqual([7])
})

test('percents fall into the narrowest band that holds them', () => {
  const deductions = (percent: string) => assess(ALL, [{ item_id: 6, choice: percent }]).deduction_ids
  expect([deductions('100'), deductions('80'), deductions('79'), deductions('50'), deductions('49')]).toEqual([
    [],
    [],
    [8],
    [8],
    [9],
  ])
  for (const nonsense of ['101', '-1', '7.5', 'many', '', '007']) expect(optionOf(BATTERY, nonsense)).toBeUndefined()
})

test('what must be answered is missed until it is, and an answer that fits no more counts as none and is named', () => {
  expect(assess(ALL, []).unanswered).toEqual([1, 2, 3, 6])
  const { unanswered, unfit } = assess(ALL, [
    { item_id: 1, choice: 'perhaps' },
    { item_id: 2, choice: 'off' },
    { item_id: 99, choice: 'yes' },
  ])
  expect({ unanswered, unfit }).toEqual({ unanswered: [1, 3, 6], unfit: [1] })
})

test('a lock that is on forbids to pay, whatever else was answered', () => {
  expect(assess(ALL, [{ item_id: 2, choice: 'on' }]).blocked_by).toEqual([2])
})

test('one more bad answer never makes the grade better', () => {
  const choices = fc.array(
    fc.record({ item_id: fc.integer({ min: 1, max: 6 }), choice: fc.constantFrom('yes', 'no', 'near', 'far', '60') }),
  )
  fc.assert(
    fc.property(choices, (answers) => {
      const others = answers.filter(({ item_id }) => item_id !== 1)
      const rank = (grade: (typeof GRADES)[number]) => GRADES.indexOf(grade)
      expect(rank(assess(ALL, [...others, { item_id: 1, choice: 'no' }]).grade)).toBeGreaterThanOrEqual(
        rank(assess(ALL, others).grade),
      )
    }),
  )
})
