import { Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession, useShop } from '../session.ts'
import { LANGUAGES, setLanguage } from '../i18n/languages.ts'
import classes from './auth-page.module.css'

type Props = { title?: string; intro?: string; wide?: boolean | 'two'; children: ReactNode }

/** A page before sign-in: whose shop this is, one column, the language at its foot. */
export function AuthPage({ title, intro, wide = false, children }: Props) {
  const { t, i18n } = useTranslation()
  const shop = useShop()
  const named = useSession(({ session }) => session?.setup_open === false)
  useEffect(() => {
    document.title = title ? `${title} · Fixpoint` : 'Fixpoint'
  }, [title])
  return (
    <main className={classes.page}>
      <div className={classes.card} data-wide={wide || undefined}>
        <p className={classes.shop}>
          <img src="/icon.svg" alt="" width={24} height={24} />
          {named ? shop?.name : t('product')}
        </p>
        {title && (
          <Title order={1} className={classes.title}>
            {title}
          </Title>
        )}
        {intro && <p className={classes.intro}>{intro}</p>}
        {children}
      </div>
      <p className={classes.languages}>
        {LANGUAGES.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            lang={value}
            aria-pressed={i18n.language === value}
            onClick={() => void setLanguage(value)}
          >
            {label}
          </button>
        ))}
      </p>
    </main>
  )
}
