import type { KeyboardEvent } from 'react'

/** Has Ctrl+Enter save a form also while the cursor is in a list of choices, which any Enter would open. */
export const savesInLists = (save: () => void) => ({
  onKeyDownCapture: (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return
    if (!(event.target instanceof HTMLElement) || event.target.ariaHasPopup !== 'listbox') return
    event.preventDefault()
    event.stopPropagation()
    save()
  },
})
