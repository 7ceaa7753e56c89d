import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useSeesMoney } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import { altDigit } from '../../ui/scanner/chords.ts'
import { KeyAt } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import classes from './numbers.module.css'
import type { Numbers as Figures } from './work-lists.ts'

type Name = 'overdue' | 'due_today' | 'ready' | 'owed' | 'nobody'
type Shown = { name: Name; figure: ReactNode; hint: string; alarm?: boolean }

/** The day at a glance: each number leads to the list of what it counts. */
export function Numbers({ figures }: { figures: Figures }) {
  const { t } = useTranslation('home')
  const go = useNavigate()
  const shown = useShown(figures)
  useShortcuts(
    shown.map(({ name }, index) => {
      const keys = altDigit(index)
      return keys !== undefined && { keys, label: t(`numbers.${name}`), run: () => void go(listOf(name)) }
    }),
  )
  return (
    <nav className={classes.strip} aria-label={t('numbers.label')}>
      {shown.map(({ name, figure, hint, alarm }, index) => (
        <Link key={name} to={listOf(name)} className={classes.number} data-alarm={alarm || undefined}>
          <span className={classes.name}>
            {t(`numbers.${name}`)} <KeyAt index={index} />
          </span>
          <strong className="figures">{figure}</strong>
          <span className={classes.hint}>{hint}</span>
        </Link>
      ))}
    </nav>
  )
}

const listOf = (name: Name) => `/repairs?show=${name}`

function useShown(figures: Figures): Shown[] {
  const { t } = useTranslation('home')
  const format = useFormat()
  const seesMoney = useSeesMoney()
  const { overdue, oldest_promise, due_today, not_begun, ready, owed_cents, owed_count, nobody } = figures
  const owed: Shown = {
    name: 'owed',
    figure: seesMoney && format.cents(owed_cents),
    hint: t('numbers.onRepairs', { count: Number.parseInt(owed_count, 10), total: owed_count }),
  }
  return [
    {
      name: 'overdue',
      figure: overdue,
      hint: oldest_promise === null ? t('numbers.nothing') : t('numbers.oldest', { when: format.when(oldest_promise) }),
      alarm: overdue !== '0',
    },
    {
      name: 'due_today',
      figure: due_today,
      hint:
        due_today === '0'
          ? t('numbers.nothing')
          : not_begun === '0'
            ? t('numbers.begun')
            : t('numbers.notBegun', { number: not_begun }),
    },
    { name: 'ready', figure: ready, hint: t('numbers.inShop') },
    ...(seesMoney ? [owed] : []),
    { name: 'nobody', figure: nobody, hint: t('numbers.unassigned') },
  ]
}
