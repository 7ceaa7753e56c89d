import { useTranslation } from 'react-i18next'
import { GlobalSearch } from './search/global-search.tsx'
import { SyncIndicator } from './line/sync-indicator.tsx'
import { UserMenu } from './user-menu.tsx'
import classes from './top-bar.module.css'

export function TopBar({ onShortcutHelp }: { onShortcutHelp: () => void }) {
  const { t } = useTranslation()
  return (
    <section className={classes.bar} aria-label={t('page.topBar')}>
      <GlobalSearch />
      <SyncIndicator />
      <UserMenu onShortcutHelp={onShortcutHelp} />
    </section>
  )
}
