import { approval } from './trade-ins/approval.ts'
import { document } from './trade-ins/document.ts'
import { evaluate } from './trade-ins/evaluate.ts'
import { prices } from './trade-ins/prices.ts'
import { purchase } from './trade-ins/purchase.ts'
import { questions } from './trade-ins/questions.ts'
import { requests } from './trade-ins/requests.ts'

/** Buying in, a file for each group of screens. */
export const words = { approval, prices, questions, evaluate, requests, purchase, document }
