import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { leaveField } from '../ui/focus-keeper.ts'
import { isTyping } from '../ui/scanner/text-fields.ts'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'
import { toast } from '../ui/states/toast.tsx'
import { useUnsavedTyping } from './unsaved-typing.ts'

/** Screens that the rail leads to: nothing lies behind them. */
const ON_THE_RAIL: ReadonlySet<string> = new Set(['/', '/repairs', '/repairs/board', '/web-orders', '/trade-ins'])

/** How many of our screens lie behind this one, as the router counts them. */
const stepsBack = (): number => {
  const { state } = window.history
  return typeof state === 'object' && state !== null && 'idx' in state ? Number(state.idx) : 0
}

/**
 * Esc, once nothing lies over the screen and no screen has an Esc of its own: leaves the field that has the cursor, and then the
 * screen, for the one that it was opened from. Where something typed is not saved, it stays.
 */
export function useBackOut() {
  const { t } = useTranslation()
  const go = useNavigate()
  const { pathname } = useLocation()
  const hasUnsavedTyping = useUnsavedTyping(pathname)
  const back = () => void (stepsBack() > 0 ? go(-1) : go('/'))
  useShortcuts([
    !ON_THE_RAIL.has(pathname) && {
      keys: 'Escape',
      label: t('shortcuts.back'),
      general: true,
      run: () => {
        const { activeElement } = document
        if (isTyping(activeElement)) leaveField(activeElement)
        else if (hasUnsavedTyping()) toast(t('shortcuts.typedStays'), { bad: true })
        else back()
      },
      // A field that has heard Esc itself has given the cursor away by then.
      when: (target) => !isTyping(target) || target === document.activeElement,
    },
  ])
}
