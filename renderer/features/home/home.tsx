import { Button } from '@mantine/core'
import { IconSquareRoundedPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Key } from '../../ui/key.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { toIntake } from '../../ui/ways.ts'
import classes from './home.module.css'
import { useDay, type Pile } from './day.ts'
import { PileRows } from './pile-rows.tsx'

/** What needs a person now, most pressing first: one list in three piles. */
export function Home() {
  const { t } = useTranslation()
  const piles = useDay()
  return (
    <Page title={t('home.title')} action={<TakeIn />}>
      {piles.map((pile) => (
        <PileSection key={pile.name} pile={pile} />
      ))}
    </Page>
  )
}

function TakeIn() {
  const { t } = useTranslation()
  return (
    <Button
      component={Link}
      to={toIntake()}
      size="md"
      leftSection={<IconSquareRoundedPlus size={20} aria-hidden />}
      rightSection={<Key of="F2" />}
    >
      {t('home.takeIn')}
    </Button>
  )
}

function PileSection({ pile }: { pile: Pile }) {
  const { t } = useTranslation()
  const { rows, count, error, retry } = pile
  return (
    <section className={classes.pile} data-name={pile.name} aria-labelledby={`pile-${pile.name}`}>
      <header className={classes.head}>
        <h2 id={`pile-${pile.name}`}>{t(`home.${pile.name}`)}</h2>
        {count !== undefined && count !== '0' && <span className={classes.count}>{count}</span>}
        {rows && rows.length > 0 && (
          <Link to={pile.all} className={classes.all}>
            {t('home.all')}
          </Link>
        )}
      </header>
      {error && !rows && <ErrorState error={error} onRetry={retry} />}
      {!error && !rows && <SkeletonRows rows={3} />}
      {rows?.length === 0 && <EmptyState>{t(pile.none)}</EmptyState>}
      {rows && rows.length > 0 && <PileRows name={pile.name} rows={rows} />}
    </section>
  )
}
