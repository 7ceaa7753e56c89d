import { Button, SegmentedControl, Select } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { Page } from '../../../ui/page.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { deviceTypeName } from '../../../ui/starter-names.ts'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { Preview } from './preview.tsx'
import { QuestionDialog } from './question-dialog.tsx'
import { QuestionList } from './question-list.tsx'
import classes from './questions.module.css'
import {
  addList,
  addUsualQuestions,
  catalogueQuery,
  type Checklist,
  checklistsQuery,
  type Question,
} from './requests.ts'

/** What the shop asks when it buys in, by type of device; for admins. */
export function Questions() {
  const { t } = useTranslation('trade-ins')
  const { data, error, refetch } = useQuery(checklistsQuery)
  if (data && data.length > 0) return <Lists lists={data} />
  return (
    <Page title={t('questions.title')}>
      {data ? (
        <NoQuestions />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={10} />
      )}
    </Page>
  )
}

function NoQuestions() {
  const { t } = useTranslation('trade-ins')
  const usual = useListChange(addUsualQuestions)
  const blank = useListChange(() => addList(null))
  return (
    <EmptyState
      action={
        <div className={classes.buttons}>
          <Button autoFocus loading={usual.isPending} onClick={() => usual.mutate()}>
            {t('questions.usual')}
          </Button>
          <Button variant="default" loading={blank.isPending} onClick={() => blank.mutate()}>
            {t('questions.blank')}
          </Button>
        </div>
      }
    >
      {t('questions.none')}
    </EmptyState>
  )
}

/** A change to the lists, which are then asked for again. */
function useListChange<Made>(change: () => Promise<Made>, onMade: (made: Made) => void = () => {}) {
  const explain = useExplain()
  return useMutation({
    mutationFn: change,
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: checklistsQuery.queryKey })
      onMade(made)
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
}

function Lists({ lists }: { lists: readonly Checklist[] }) {
  const { t } = useTranslation('trade-ins')
  const [chosen, choose] = useState<number | null>(null)
  const list = lists.find(({ id }) => id === chosen) ?? lists[0]!
  const [edited, edit] = useState<Question | 'new' | null>(null)
  useShortcuts([{ keys: 'alt+a', label: t('questions.add'), run: () => edit('new') }])
  return (
    <Page
      title={t('questions.title')}
      chips={
        <>
          <SegmentedControl
            aria-label={t('questions.lists')}
            data={lists.map((one) => ({ value: String(one.id), label: nameOf(one, t('questions.general')) }))}
            value={String(list.id)}
            onChange={(id) => choose(Number(id))}
          />
          <NewList lists={lists} onMade={({ id }) => choose(id)} />
        </>
      }
      action={
        <Button
          leftSection={<IconPlus size={18} aria-hidden />}
          rightSection={<Key of="alt+a" />}
          onClick={() => edit('new')}
        >
          {t('questions.add')}
        </Button>
      }
      context={<Preview key={list.id} questions={list.questions} />}
    >
      <p className={classes.dim}>{t(list.device_type_id === null ? 'questions.generalHint' : 'questions.typeHint')}</p>
      <QuestionList list={list} onEdit={edit} />
      <QuestionDialog list={list} question={edited} onClose={() => edit(null)} />
    </Page>
  )
}

const nameOf = ({ device_type }: Checklist, general: string) =>
  device_type === null ? general : deviceTypeName(device_type)

/** A type of devices gets a list of its own, which begins as that of all others. */
function NewList({ lists, onMade }: { lists: readonly Checklist[]; onMade: (list: Checklist) => void }) {
  const { t } = useTranslation('trade-ins')
  const explain = useExplain()
  const types = useQuery(catalogueQuery).data?.types ?? []
  const making = useMutation({
    mutationFn: (type: number | null) => addList(type),
    onSuccess: async (list) => {
      await queryClient.invalidateQueries({ queryKey: checklistsQuery.queryKey })
      onMade(list)
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const known = new Set(lists.map(({ device_type_id }) => device_type_id))
  const missing = types.filter(({ id }) => !known.has(id))
  const data = missing.map(({ id, name }) => ({ value: String(id), label: deviceTypeName(name) }))
  if (!known.has(null)) data.unshift({ value: GENERAL, label: t('questions.general') })
  return (
    <Select
      aria-label={t('questions.newList')}
      placeholder={t('questions.newList')}
      className={classes.newList}
      data={data}
      value={null}
      onChange={(value) =>
        value !== null && !making.isPending && making.mutate(value === GENERAL ? null : Number(value))
      }
    />
  )
}

const GENERAL = 'general'
