import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { toCustomer, toDevice, toTicket, toTradeIn, toWebOrder } from '../../ui/routes.ts'
import { When } from '../../ui/when.tsx'
import classes from './aside.module.css'
import type { About, By } from './requests.ts'

const SCREENS = {
  ticket: toTicket,
  customer: toCustomer,
  device: toDevice,
  'trade-in': toTradeIn,
  'web-order': toWebOrder,
} satisfies Record<NonNullable<About['screen']>['kind'], (id: number) => string>

/** What a row is called, with the way to it where it has a screen here. */
export function AboutRow({ about: { thing, name, screen } }: { about: About }) {
  const { t } = useTranslation('aside')
  const called = name ?? t('unknownRow', { thing: t(`things.${thing}`) })
  return screen ? (
    <Link to={SCREENS[screen.kind](screen.id)}>
      <bdi>{called}</bdi>
    </Link>
  ) : (
    <bdi>{called}</bdi>
  )
}

/** Who wrote something, at which terminal of which store, and when, as far as that is known. */
export function Author({ by: { person, terminal, store, at } }: { by: By }) {
  const parts = [person, terminal, store].filter((part) => part !== null)
  return (
    <span className={classes.dim}>
      <bdi>{parts.join(' · ')}</bdi>
      {at !== null && (
        <>
          {parts.length > 0 && ' · '}
          <When at={at} withTime />
        </>
      )}
    </span>
  )
}

type Props = {
  title: ReactNode
  /** What it is called for who hears it. */
  label: string
  onChoose: () => void
  buttons: ReactNode
  children: ReactNode
}

/** One thing to settle: up and down lead from one to the next, and the keys are about the one with the cursor. */
export function Entry({ title, label, onChoose, buttons, children }: Props) {
  return (
    <article className={classes.entry} aria-label={label} tabIndex={0} data-row-link data-work-start onFocus={onChoose}>
      <h2>{title}</h2>
      {children}
      <div className={classes.buttons}>{buttons}</div>
    </article>
  )
}
