import { Button, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/dialog.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import type { Chord } from '../../ui/scanner/chords.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './aside.module.css'
import { Drop } from './drop.tsx'
import { AboutRow, Author, Entry } from './entry.tsx'
import { Mend } from './mend.tsx'
import { refresh } from './refresh.ts'
import { type Aside, takeIt, tryAgain } from './requests.ts'
import { ValueText } from './value.tsx'

const KEYS: readonly Chord[] = ['alt+1', 'alt+2', 'alt+3']

type Props = { entry: Aside; isChosen: boolean; onChoose: () => void }

/** What somebody did that is not applied: who, when and where, why not, and the buttons for it. */
export function WaitingEntry({ entry, isChosen, onChoose }: Props) {
  const { t } = useTranslation('aside')
  const explain = useExplain()
  const [asking, setAsking] = useState<'mend' | 'drop' | null>(null)
  const title = useTitle(entry)
  const settled = { onError: (error: Error) => toast(explain(error), { bad: true }), onSettled: refresh }
  const trying = useSendOnce({
    mutationFn: () => tryAgain(entry),
    onSuccess: ({ state }) => void toast(t(`retried.${state}`), { bad: state !== 'applied' }),
    ...settled,
  })
  const taking = useSendOnce({
    mutationFn: () => takeIt(entry, {}),
    onSuccess: () => void toast(t('taken')),
    ...settled,
  })
  const run = {
    retry: () => trying.mutate(),
    take: () => taking.mutate(),
    mend: () => setAsking('mend'),
    drop: () => setAsking('drop'),
  }
  useShortcuts(
    isChosen
      ? entry.ways_out.map((way, place) => ({ keys: KEYS[place]!, label: t(`ways.${way}`), run: run[way] }))
      : [],
  )
  const close = () => setAsking(null)
  return (
    <Entry
      label={title}
      onChoose={onChoose}
      title={
        <>
          {title}
          {' · '}
          <AboutRow about={entry.about} />
        </>
      }
      buttons={entry.ways_out.map((way, place) => (
        <Button
          key={way}
          variant="default"
          loading={(way === 'retry' && trying.isPending) || (way === 'take' && taking.isPending)}
          rightSection={isChosen && <Key of={KEYS[place]!} />}
          onClick={run[way]}
        >
          {t(`ways.${way}`)}
          <VisuallyHidden>: {title}</VisuallyHidden>
        </Button>
      ))}
    >
      <Author by={entry.by} />
      <Reason entry={entry} />
      <Changes entry={entry} />
      <Dialog opened={asking === 'drop'} onClose={close} title={t('dropTitle')}>
        <Drop entry={entry} onDone={close} />
      </Dialog>
      <Dialog opened={asking === 'mend'} onClose={close} title={t('mendTitle')}>
        <Mend entry={entry} onDone={close} />
      </Dialog>
    </Entry>
  )
}

function useTitle({ act, did, about }: Aside): string {
  const { t } = useTranslation('aside')
  return act === 'other' ? t(`did.${did}`, { thing: t(`things.${about.thing}`) }) : t(`acts.${act}`)
}

function Reason({ entry: { state, reason, waits_for } }: { entry: Aside }) {
  const { t } = useTranslation('aside')
  if (state === 'parked') return <p>{t('parked')}</p>
  if (state === 'held')
    return (
      <p>
        {t('held')}{' '}
        {waits_for.map(({ entity, row_id, about }, place) => (
          <span key={`${entity} ${row_id}`}>
            {place > 0 && ', '}
            <AboutRow about={about} />
          </span>
        ))}
      </p>
    )
  return (
    <p>
      {reason !== null && t(`reasons.${reason}`)} <span className={classes.dim}>{t('safe')}</span>
    </p>
  )
}

/** What it would do, each row under its name where it is another one than the entry is about. */
function Changes({ entry: { changes, about: main, more } }: { entry: Aside }) {
  const { t } = useTranslation('aside')
  const told = changes.filter(({ values }) => values.length > 0)
  return (
    <>
      {told.map(({ about, did, values }, place) => (
        // What an act wrote keeps its order.
        <dl key={`${place} ${about.name}`} className={classes.values}>
          {(about.name !== main.name || about.thing !== main.thing) && (
            <div className={classes.row}>
              <dt>{t(`did.${did}`, { thing: t(`things.${about.thing}`) })}</dt>
              <dd>{about.name !== null && about.name !== main.name && <AboutRow about={about} />}</dd>
            </div>
          )}
          {values.map(({ column, before, after }) => (
            <div key={column} className={classes.row}>
              <dt>{t(`columns.${column}`)}</dt>
              <dd>
                {did !== 'added' && (
                  <>
                    <s>
                      <ValueText value={before} />
                    </s>{' '}
                    <VisuallyHidden>{t('becomes')}</VisuallyHidden>{' '}
                  </>
                )}
                <ValueText value={after} />
              </dd>
            </div>
          ))}
        </dl>
      ))}
      {more && <p className={classes.dim}>{t('moreRows')}</p>}
    </>
  )
}
