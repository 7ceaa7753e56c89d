import { useTranslation } from 'react-i18next'
import { OneBox } from './search/global-search.tsx'
import { StepDot } from './sync-indicator.tsx'
import { UserMenu } from './user-menu.tsx'
import classes from './top-bar.module.css'

export function TopBar({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation()
  return (
    <section className={classes.bar} aria-label={t('page.topBar')}>
      <OneBox />
      <StepDot />
      <UserMenu onKeys={onKeys} />
    </section>
  )
}
