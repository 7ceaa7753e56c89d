import { hash } from 'node:crypto'
import { nameKey } from '../../domain/text/fold.ts'
import type { Grade } from '../../domain/grade.ts'

/** What tells a product from others, whatever the case of its names: brand, model, name and condition. */
export function productKey(brand: string, model: string, name: string, condition: Grade): string {
  const parts = [nameKey(brand), nameKey(model), nameKey(name), condition]
  return `product:${hash('sha256', parts.join('\n'), 'base64url')}`
}
