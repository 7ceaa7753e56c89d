import i18next from 'i18next'
import { toast } from '../../../ui/states/toast.tsx'

let withdraw = () => {}

/** Says that a draft was put away, and offers it back until the next one is begun: taken back then, that one would be lost. */
export function offerDraftBack(message: string, putBack: () => void): void {
  withdraw = toast(message, { undo: { label: i18next.t('action.undo'), run: putBack } })
}

/** The next draft is begun. */
export const withdrawDraft = (): void => withdraw()
