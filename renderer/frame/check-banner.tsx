import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DatabaseCheck } from '../../server/counter/settings/checks.contract.ts'
import { get } from '../api.ts'
import { useUser } from '../session.ts'
import classes from './offline-banner.module.css'

const checkQuery = { queryKey: ['check'], queryFn: () => get<typeof DatabaseCheck>('/counter/check') }

type Open = { kind: string; blocks: boolean }

/** Says what the daily check of the database found, what still works and who is to do what; admins see which row it is. */
export function CheckBanner() {
  const { t } = useTranslation()
  const { data } = useQuery(checkQuery)
  const isAdmin = useUser().role === 'admin'
  const open = data?.findings.filter(({ mended }) => !mended) ?? []
  const found = data && kindOf(data, open)
  return (
    <div role={data?.blocked ? 'alert' : 'status'}>
      {found && (
        <p className={classes.banner}>
          <IconAlertTriangle size={18} aria-hidden />
          <span>
            <strong>{t(`check.${found}`, { path: data.gone ?? '' })}</strong> {t(`check.${found}Text`)}
            {isAdmin &&
              open.map(({ words, place, sentence }) => (
                <small key={sentence}> {t(`check.found.${words}`, { place })}</small>
              ))}
          </span>
        </p>
      )}
    </div>
  )
}

function kindOf({ blocked, gone }: { blocked: boolean; gone: string | null }, open: readonly Open[]) {
  if (gone !== null) return 'gone'
  const blocking = open.filter(({ blocks }) => blocks)
  if (blocked) return blocking.length > 0 && blocking.every(({ kind }) => kind === 'trigger') ? 'changed' : 'blocked'
  return open.length > 0 ? 'findings' : null
}
