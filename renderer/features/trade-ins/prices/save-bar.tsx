import { Button, Select } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wallClock } from '../../../../server/domain/time/shop-day.ts'
import { serverNow } from '../../../server-clock.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { type Draft, pricesOf, rowId, tally, withoutSaved } from './cells.ts'
import { beginningOf, type Day, dayAfter, DayField, writtenDay } from './day-field.tsx'
import type { DraftOfUser } from './drafts.ts'
import classes from './prices.module.css'
import { type Row, savePrices, sheetQuery } from './requests.ts'
import type { SheetState } from './use-sheet.ts'

type Props = { sheet: SheetState; drafts: DraftOfUser; rows: readonly Row[]; onPercent: () => void }

/** What was changed, from when on it counts, and the button that saves all of it. */
export function SaveBar({ sheet, drafts, rows, onPercent }: Props) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { changed, bad } = tally(drafts.draft)
  const from = useBeginning()
  const { save, isPending } = useSave(drafts, rows)
  const maySave = (changed > 0 || sheet.typed !== null) && from.written !== undefined && !isPending
  const send = () => {
    sheet.commit()
    if (from.written !== undefined) save(from.written)
  }
  useShortcuts([
    { keys: ['mod+s', 'mod+Enter'], label: t('prices.save'), run: send },
    (drafts.canUndo || sheet.typed !== null) && { keys: 'mod+z', label: t('prices.undo'), run: sheet.undo },
  ])
  return (
    <footer className={classes.bar} aria-label={t('prices.bar')}>
      <p role="status">
        <strong>{t('prices.changed', { count: changed })}</strong>
        {bad.length > 0 && (
          <span className={classes.bad}>
            {t('prices.bad', { count: bad.length, text: String(bad[0]!.price).slice(0, 20) })}
          </span>
        )}
      </p>
      <div className={classes.barEnd}>
        <Button variant="default" onClick={onPercent} rightSection={<Key of="alt+p" />}>
          {t('prices.byPercent')}
        </Button>
        <Beginning from={from} />
        <Button variant="default" disabled={!drafts.canUndo} onClick={sheet.undo} rightSection={<Key of="mod+z" />}>
          {t('prices.undo')}
        </Button>
        <Button disabled={!maySave} loading={isPending} onClick={send} rightSection={<Key of="mod+s" />}>
          {t('prices.saveCount', { count: changed })}
        </Button>
      </div>
    </footer>
  )
}

/** Saves the prices of the draft; cells that are no price stay in it. */
function useSave({ settle, peek }: DraftOfUser, rows: readonly Row[]) {
  const { t } = useTranslation('trade-ins')
  const { moment } = useFormat()
  const explain = useExplain()
  const queries = useQueryClient()
  const sending = useMutation({
    mutationFn: ({ from, draft }: { from: string | null; draft: Draft }) =>
      savePrices({ from, rows: pricesOf(draft, new Map(rows.map((row) => [rowId(row), row]))) }),
    onSuccess: async ({ changed, from }, sent) => {
      await queries.invalidateQueries({ queryKey: [sheetQuery.queryKey[0]] })
      settle((draft) => withoutSaved(draft, sent.draft))
      toast(
        sent.from === null
          ? t('prices.saved', { count: changed })
          : t('prices.savedFrom', { count: changed, from: moment(from) }),
      )
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return {
    isPending: sending.isPending,
    save: (from: string | null) => {
      const draft = peek()
      if (!sending.isPending && tally(draft).changed > 0) sending.mutate({ from, draft })
    },
  }
}

const CHOICES = ['now', 'tomorrow', 'day'] as const
type Choice = (typeof CHOICES)[number]

/** From when on prices count: `written` is null for now, undefined while no day is known. */
function useBeginning() {
  const { timeZone } = useFormat()
  const [choice, choose] = useState<Choice>('now')
  const [day, setDay] = useState<Day | null | undefined>(null)
  const tomorrow = dayAfter(wallClock(serverNow(), timeZone), 1, timeZone)
  const written = { now: null, tomorrow: writtenDay(tomorrow), day: day ? writtenDay(day) : undefined }[choice]
  return { choice, choose, day, setDay, tomorrow, written }
}

function Beginning({ from }: { from: ReturnType<typeof useBeginning> }) {
  const { t } = useTranslation('trade-ins')
  const { timeZone, day } = useFormat()
  const labels = {
    now: t('prices.from.now'),
    tomorrow: t('prices.from.tomorrow', { day: day(beginningOf(from.tomorrow, timeZone)) }),
    day: t('prices.from.day'),
  }
  return (
    <>
      <Select
        className={classes.from}
        aria-label={t('prices.from.label')}
        allowDeselect={false}
        comboboxProps={{ position: 'top' }}
        data={CHOICES.map((value) => ({ value, label: labels[value] }))}
        value={from.choice}
        onChange={(value) => from.choose(CHOICES.find((choice) => choice === value) ?? 'now')}
      />
      {from.choice === 'day' && (
        <div className={classes.day}>
          <DayField label={t('prices.from.which')} day={from.day} onDay={from.setDay} first={from.tomorrow} />
        </div>
      )}
    </>
  )
}
