import { Button, Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { CONDITION_PARTS } from '../../../../server/domain/device-condition.ts'
import { ANSWER_KINDS, QUESTION_GROUPS } from '../../../../server/domain/trade-ins/questions.ts'
import { queryClient } from '../../../query.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { AnswerFields } from './answer-fields.tsx'
import { asked } from './order.ts'
import {
  type DraftFault,
  draftOf,
  faultOf,
  fieldsOf,
  newDraft,
  type QuestionDraft,
  TEXT_LANGUAGES,
  withKind,
  withOption,
} from './question-draft.ts'
import classes from './questions.module.css'
import {
  addQuestion,
  changeQuestion,
  type Checklist,
  checklistsQuery,
  orderQuestions,
  type Question,
  removeQuestion,
} from './requests.ts'
import { spoken } from './spoken.ts'

type Props = { list: Checklist; question: Question | 'new' | null; onClose: () => void }

/** A question with its answers, in both languages side by side. */
export function QuestionDialog({ list, question, onClose }: Props) {
  const { t } = useTranslation('trade-ins')
  const title = question === null || question === 'new' ? t('questions.add') : spoken(question.text)
  return (
    <Dialog opened={question !== null} onClose={onClose} title={title} size={1040}>
      {question !== null && (
        <QuestionForm list={list} question={question === 'new' ? null : question} onDone={onClose} />
      )}
    </Dialog>
  )
}

type FormProps = { list: Checklist; question: Question | null; onDone: () => void }

function QuestionForm({ list, question, onDone }: FormProps) {
  const { t } = useTranslation(['trade-ins', 'frame', 'repairs'])
  const [draft, setDraft] = useState<QuestionDraft>(() => (question ? draftOf(question) : newDraft()))
  const [fault, setFault] = useState<DraftFault | null>(null)
  const { save, remove, busy } = useQuestionChange(list, question, onDone)
  const change = (part: Partial<QuestionDraft>) => {
    setFault(null)
    setDraft((before) => ({ ...before, ...part }))
  }
  const send = () => {
    const found = faultOf(draft)
    setFault(found)
    if (!found && !busy) save(draft)
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('frame:action.save'), run: send }], { dialog: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form noValidate onSubmit={submit} className={classes.form}>
      <div className={classes.pair}>
        {TEXT_LANGUAGES.map((language, index) => (
          <TextInput
            key={language}
            label={t('questions.textIn', { language: t(`questions.languages.${language}`) })}
            lang={language}
            data-autofocus={index === 0 || undefined}
            autoComplete="off"
            maxLength={500}
            value={draft.text[language] ?? ''}
            onChange={({ currentTarget }) => change({ text: { ...draft.text, [language]: currentTarget.value } })}
          />
        ))}
      </div>
      <div className={classes.pair}>
        <div>
          <span className={classes.label}>{t('questions.group')}</span>
          <SegmentedControl
            fullWidth
            aria-label={t('questions.group')}
            data={QUESTION_GROUPS.map((value) => ({ value, label: t(`questions.groups.${value}`) }))}
            value={draft.section}
            onChange={(section) => change({ section })}
          />
        </div>
        <Select
          label={t('questions.kind')}
          allowDeselect={false}
          data={ANSWER_KINDS.map((value) => ({ value, label: t(`questions.kinds.${value}`) }))}
          value={draft.answers}
          onChange={(kind) => change(withKind(draft, ANSWER_KINDS.find((one) => one === kind) ?? draft.answers))}
        />
        <Select
          label={t('questions.part')}
          description={t('questions.partHint')}
          clearable
          clearButtonProps={{ 'aria-label': t('questions.noPart') }}
          placeholder={t('questions.noPart')}
          data={CONDITION_PARTS.map((value) => ({ value, label: t(`repairs:part.${value}`) }))}
          value={draft.part}
          onChange={(part) => change({ part })}
        />
        <Checkbox
          className={classes.mustField}
          label={t('questions.mustBe')}
          checked={draft.must}
          onChange={({ currentTarget }) => change({ must: currentTarget.checked })}
        />
      </div>
      {draft.answers !== 'text' && (
        <AnswerFields
          draft={draft}
          onOptions={(options) => change({ options })}
          onAdd={() => change(withOption(draft))}
        />
      )}
      {fault && (
        <p role="alert" className={classes.bad}>
          {t(`questions.faults.${fault}`)}
        </p>
      )}
      <div className={classes.ends}>
        <SaveOrCancel busy={busy} onCancel={onDone} />
        {question && (
          <Button variant="subtle" color="red" disabled={busy} onClick={remove}>
            {t('questions.remove')}
          </Button>
        )}
      </div>
      {question && <p className={classes.dim}>{t('questions.givenStay')}</p>}
    </form>
  )
}

const refetch = () => queryClient.invalidateQueries({ queryKey: checklistsQuery.queryKey })

function useQuestionChange(list: Checklist, question: Question | null, onDone: () => void) {
  const { t } = useTranslation('trade-ins')
  const explain = useExplain()
  const onError = (error: Error) => toast(explain(error), { bad: true })
  const saving = useMutation({
    mutationFn: (draft: QuestionDraft) =>
      question ? changeQuestion(question.id, fieldsOf(draft)) : addQuestion(list.id, fieldsOf(draft)),
    onSuccess: async () => {
      await refetch()
      toast(t('questions.saved'))
      onDone()
    },
    onError,
  })
  const restoring = useMutation({
    mutationFn: (removed: Question) => addAgain(list, removed),
    onSettled: refetch,
    onError,
  })
  const removing = useMutation({
    mutationFn: ({ id }: Question) => removeQuestion(id),
    onSuccess: async (_, removed) => {
      await refetch()
      toast(t('questions.removed', { question: spoken(removed.text) }), {
        undo: { label: t('questions.undo'), run: () => restoring.mutate(removed) },
      })
      onDone()
    },
    onError,
  })
  return {
    busy: saving.isPending || removing.isPending,
    save: (draft: QuestionDraft) => saving.mutate(draft),
    remove: () => question && removing.mutate(question),
  }
}

/** Asks a question again where it stood. */
async function addAgain(list: Checklist, removed: Question) {
  const { id: _, ...fields } = removed
  const { id } = await addQuestion(list.id, fields)
  await orderQuestions(
    list.id,
    asked(list.questions).map((one) => (one.id === removed.id ? id : one.id)),
  )
}
