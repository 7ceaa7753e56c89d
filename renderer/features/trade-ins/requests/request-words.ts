import type { PickupTodo } from '../../../../server/domain/trade-ins/todo.ts'
import type { Request } from './requests.ts'
import { deviceName } from '../../../../server/domain/text/device-name.ts'

/** What the list and the papers say of a request. */

export const VIEWS = ['open', 'collect', 'evaluate', 'answer', 'pay', 'give-back', 'all'] as const
export type View = (typeof VIEWS)[number]

export const isView = (word: string | null): word is View => VIEWS.some((view) => view === word)

/** What the server is asked for: nothing is left out of all. */
export const todoOf = (view: View): PickupTodo | 'open' | undefined => (view === 'all' ? undefined : view)

export const deviceOf = ({ brand_name, model_text, storage }: Pick<Request, 'brand_name' | 'model_text' | 'storage'>) =>
  deviceName({ brand: brand_name, model: model_text, storage })

export const customerOf = ({ user_full_name, user_email, user_phone }: Request) =>
  user_full_name || user_email || user_phone || '–'

/** The parts of an address that are words, in their order; what shops and web shops call them is their own affair. */
export const addressOf = ({ address, user_full_name }: Pick<Request, 'address' | 'user_full_name'>): string =>
  Object.values(address ?? {})
    .filter((part): part is string => typeof part === 'string' && part.trim() !== '' && part !== user_full_name)
    .join(', ')

/** A text of the shop's in the language that is spoken, or else in one that there is. */
export const inLanguage = (texts: Record<string, string>, language: string): string =>
  texts[language] ?? texts['en'] ?? Object.values(texts)[0] ?? ''
