import { z } from 'zod'
import { text } from '../http/fields.contract.ts'

export const Location = z.object({ id: text(), name: text(), code: text(), hub_name: text() })

export const LocationId = z.object({ location_id: text({ cards: 'allow' }) })
