import { z } from 'zod'
import { text } from '../http/fields.contract.ts'

export const Category = z.object({ id: text(), name: text(), icon: text() })
