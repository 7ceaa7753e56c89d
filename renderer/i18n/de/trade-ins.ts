import type { Translated, Words } from '../words.ts'
import { approval } from './trade-ins/approval.ts'
import { document } from './trade-ins/document.ts'
import { evaluate } from './trade-ins/evaluate.ts'
import { prices } from './trade-ins/prices.ts'
import { purchase } from './trade-ins/purchase.ts'
import { questions } from './trade-ins/questions.ts'
import { requests } from './trade-ins/requests.ts'

export const words: Translated<Words['trade-ins']> = {
  approval,
  prices,
  questions,
  evaluate,
  requests,
  purchase,
  document,
}
