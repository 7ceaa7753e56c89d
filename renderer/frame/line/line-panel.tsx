import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClockPause, IconCloudOff, IconPhotoUp } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { post } from '../../api.ts'
import { asideCountsQuery } from '../../aside-counts.ts'
import { useMayWork } from '../../session.ts'
import { toAside } from '../../ui/routes.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { toast } from '../../ui/states/toast.tsx'
import { When } from '../../ui/when.tsx'
import { Differences } from './differences.tsx'
import classes from './line-panel.module.css'
import { Part } from './part.tsx'
import { type Line, waitingWorkQuery } from './requests.ts'

/** First that everything is safe, then what goes by itself, then what needs a person. */
export function LinePanel({ line, onDone }: { line: Line; onDone: () => void }) {
  const { t } = useTranslation()
  const { needs, troubles, aside_there, waiting, head_office, last_contact, set_back_at, same_at, differs } = line
  return (
    <>
      <Heading line={line} onDone={onDone} />
      {needs !== null && (
        <Part icon={<IconAlertTriangle size={18} aria-hidden />} title={t(`line.needs.${needs}`)} isBad>
          <p>{t(`line.needsText.${needs}`)}</p>
        </Part>
      )}
      {differs > 0 && <Differences />}
      {set_back_at !== null && (
        <Part
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={t('line.setBack')}
          beside={<When at={set_back_at} />}
        >
          <p>{t('line.setBackText')}</p>
        </Part>
      )}
      {waiting.changes > 0 && <Waiting line={line} />}
      {waiting.photos > 0 && (
        <Part icon={<IconPhotoUp size={18} aria-hidden />} title={t('line.photosWait', { count: waiting.photos })}>
          <p>{t('line.photosWaitText')}</p>
        </Part>
      )}
      {aside_there > 0 && (
        <Part
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={t('line.asideThere', { count: aside_there })}
          isBad
        >
          <p>{t('line.asideThereText')}</p>
        </Part>
      )}
      {troubles.quarantined > 0 && (
        <Part
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={t('line.notAccepted', { count: troubles.quarantined })}
          isBad
        >
          <p>{t('line.notAcceptedText')}</p>
          <Look onDone={onDone} />
        </Part>
      )}
      {troubles.held + troubles.parked > 0 && (
        <Part
          icon={<IconClockPause size={18} aria-hidden />}
          title={t('line.held', { count: troubles.held + troubles.parked })}
        >
          <p>{t(troubles.parked > 0 ? 'line.parkedText' : 'line.heldText')}</p>
          {troubles.quarantined === 0 && <Look onDone={onDone} />}
        </Part>
      )}
      <ToSettle onDone={onDone} />
      <p className={classes.foot}>
        {head_office === null ? t('line.noAddress') : <bdi>{head_office}</bdi>}
        {line.line !== 'up' && last_contact !== null && (
          <>
            {' · '}
            {t('line.lastContact')} <When at={last_contact} />
          </>
        )}
        {same_at !== null && differs === 0 && (
          <>
            {' · '}
            {t('line.sameAt')} <When at={same_at} />
          </>
        )}
      </p>
    </>
  )
}

function Heading({ line, onDone }: { line: Line; onDone: () => void }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const isUp = line.line === 'up'
  const isWell = isUp && line.needs === null
  // Of a full disk or a damaged file nothing reassuring is true: what is wrong follows at once.
  const isUnsafe = line.needs === 'disk-full' || line.needs === 'damaged'
  const trying = useMutation({
    mutationFn: () => post('/counter/line/attempts', undefined, { keyed: false }),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const tryNow = () => void (trying.isPending || trying.mutate())
  useShortcuts(
    [
      { keys: ['Escape', 'shift+F1'], label: t('action.close'), run: onDone },
      !isUp && { keys: 'alt+r', label: t('line.tryNow'), run: tryNow },
    ],
    { dialog: true },
  )
  return (
    <header className={classes.part}>
      <div className={classes.heading}>
        <h2>
          {isUp && !isWell ? t('line.title') : t(`line.heading.${line.line}`)} {!isUp && <When at={line.since} />}
        </h2>
        {!isUp && (
          <Button
            size="compact-md"
            variant="default"
            aria-busy={trying.isPending} // Not `loading`: that would take the cursor off it, and Esc would be heard by nothing.
            rightSection={<Key of="alt+r" />}
            onClick={tryNow}
            data-autofocus
          >
            {t('line.tryNow')}
          </Button>
        )}
      </div>
      {!isUnsafe && <p>{t(isWell ? 'line.upText' : 'line.safeText')}</p>}
    </header>
  )
}

function Waiting({ line: { line, waiting } }: { line: Line }) {
  const { t } = useTranslation()
  const { data } = useQuery(waitingWorkQuery)
  // As people count: by what they did, and not by what was written for it.
  const told = data?.reduce((sum, { count }) => sum + count, 0) ?? 0
  const oldest = waiting.oldest_at !== null && (
    <span className={classes.dim}>
      {t('line.oldest')} <When at={waiting.oldest_at} />
    </span>
  )
  return (
    <Part title={t('line.waitToBeSent', { count: told || waiting.changes })} beside={oldest}>
      {data && data.length > 0 && (
        <ul className={classes.kinds}>
          {data.map(({ kind, count }) => (
            <li key={kind}>
              <span className="figures">{count}</span>
              <span>{t(`line.kinds.${kind}`, { count })}</span>
              <span className={classes.dim}>{t('line.byItself')}</span>
            </li>
          ))}
        </ul>
      )}
      {line !== 'up' && (
        <p className={classes.note}>
          <IconCloudOff size={16} aria-hidden />
          <span>{t('line.waitsForLine')}</span>
        </p>
      )}
    </Part>
  )
}

/** Leads to what is put aside here, for who works repairs. */
function Look({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  if (!useMayWork()) return null
  return (
    <p>
      <Link to={toAside('waiting')} onClick={onDone}>
        {t('line.look')}
      </Link>
    </p>
  )
}

/** What has two values or is there twice, asked while somebody looks. */
function ToSettle({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const { data } = useQuery({ ...asideCountsQuery, enabled: useMayWork() })
  const parts = (['conflicts', 'duplicates'] as const).filter((part) => (data?.[part] ?? 0) > 0)
  if (!data || parts.length === 0) return null
  return (
    <section className={classes.part}>
      {parts.map((part) => (
        <p key={part}>
          <Link to={toAside(part)} onClick={onDone}>
            {t(`line.${part}`, { count: data[part] })}
          </Link>
        </p>
      ))}
    </section>
  )
}
