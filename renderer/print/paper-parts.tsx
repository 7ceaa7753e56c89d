import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useShop } from '../session.ts'
import { useFormat } from '../ui/format.ts'
import classes from './papers.module.css'
import roll from './roll.module.css'
import { Phone } from '../ui/phone.tsx'
import { WholeCodes } from '../ui/whole-codes.tsx'

/** The shop as it stands at the head of a paper. */
export function ShopHead() {
  const shop = useShop()
  return (
    <header className={classes.shop}>
      <strong>
        <bdi>{shop?.name}</bdi>
      </strong>
      {shop?.address && <span>{shop.address}</span>}
      {shop?.phone && <Phone number={shop.phone} />}
    </header>
  )
}

/** What the customer agrees to: the shop's own words, or the program's. */
export function useTerms(): string {
  const { t } = useTranslation('papers')
  return useShop()?.terms ?? t('terms')
}

/** Label and value on one line; nothing for a value that is not there. */
export function Line({ label, children }: { label: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '' || children === false) return null
  return (
    <div>
      <dt>
        <WholeCodes>{label}</WholeCodes>
      </dt>
      <dd>{typeof children === 'string' ? <WholeCodes>{children}</WholeCodes> : children}</dd>
    </div>
  )
}

/** The last line of a receipt: nobody is thanked for money that they were given back, or for a correction that moved none. */
export function Thanks({ cents }: { cents: number }) {
  const { t } = useTranslation('papers')
  return cents > 0 && <p className={roll.thanks}>{t('thanks')}</p>
}

/** `Mon 23 Nov 2026, 17:00`: papers are read on other days. */
export function usePaperDate() {
  const { dateLocale: locale, timeZone } = useFormat()
  const day = { timeZone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  const time = { hour: '2-digit', minute: '2-digit' } as const
  return {
    day: (at: number) => new Intl.DateTimeFormat(locale, { ...day, weekday: undefined }).format(at),
    instant: (at: number) => new Intl.DateTimeFormat(locale, { ...day, ...time }).format(at),
  }
}
