import { ActionIcon, UnstyledButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconArrowDown, IconArrowUp, IconGripVertical } from '@tabler/icons-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { QUESTION_GROUPS } from '../../../../server/domain/trade-ins/questions.ts'
import { useIsTouch } from '../../../density.ts'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useRowArrows } from '../../../ui/fields/row-arrows.ts'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { Effect, useEffects } from './effect.tsx'
import { asked, moved, neighbour } from './order.ts'
import classes from './questions.module.css'
import { type Checklist, checklistsQuery, orderQuestions, type Question } from './requests.ts'
import { spoken } from './spoken.ts'

type Props = { list: Checklist; onEdit: (question: Question) => void }

/** The questions of a list in the order in which they are asked: dragged, or moved with Alt and the arrows. */
export function QuestionList({ list, onEdit }: Props) {
  const { t } = useTranslation('trade-ins')
  const [dragged, drag] = useState<number | null>(null)
  const move = useMove(list)
  const focus = useFocusOnMoved(list)
  const touch = useIsTouch()
  useRowArrows()
  if (list.questions.length === 0) return <EmptyState>{t('questions.listEmpty')}</EmptyState>
  const onKeyDown = (question: Question) => (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined // The two that stand here.
    if (!event.altKey || step === undefined) return
    event.preventDefault()
    const to = neighbour(list.questions, question.id, step)
    if (to === null) return
    focus(question.id)
    move(question, to)
  }
  return (
    <div>
      <p id="questions-keys" className={classes.dim}>
        {t(touch ? 'questions.steps' : 'questions.keys')}
      </p>
      {QUESTION_GROUPS.map((group) => (
        <section key={group} aria-label={t(`questions.groups.${group}`)} className={classes.group}>
          <h2>{t(`questions.groups.${group}`)}</h2>
          <ol className={classes.list}>
            {asked(list.questions)
              .filter(({ section }) => section === group)
              .map((question) => (
                <li
                  key={question.id}
                  className={classes.question}
                  data-dragged={question.id === dragged || undefined}
                  draggable
                  onDragStart={(event) => {
                    event.dataTransfer.effectAllowed = 'move'
                    event.dataTransfer.setData('text/plain', spoken(question.text))
                    drag(question.id)
                  }}
                  onDragEnd={() => drag(null)}
                  onDragOver={(event) => dragged !== null && event.preventDefault()}
                  onDrop={(event) => {
                    event.preventDefault()
                    const one = list.questions.find(({ id }) => id === dragged)
                    drag(null)
                    if (one) move(one, question.id)
                  }}
                >
                  <IconGripVertical size={18} aria-hidden className={classes.grip} />
                  <UnstyledButton
                    data-row-link
                    data-work-start
                    data-question={question.id}
                    aria-describedby="questions-keys"
                    className={classes.text}
                    onClick={() => onEdit(question)}
                    onKeyDown={onKeyDown(question)}
                  >
                    {spoken(question.text)}
                    {question.must && <span className={classes.must}>{t('questions.must')}</span>}
                  </UnstyledButton>
                  <Answers question={question} />
                  {touch && <Steps list={list} question={question} onMove={move} />}
                </li>
              ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

type StepsProps = { list: Checklist; question: Question; onMove: (question: Question, to: number) => void }

/** Up and down for fingers, which drag the page. */
function Steps({ list, question, onMove }: StepsProps) {
  const { t } = useTranslation('trade-ins')
  const name = spoken(question.text)
  return (
    <span className={classes.steps}>
      {STEPS.map(({ step, label, Icon }) => {
        const to = neighbour(list.questions, question.id, step)
        return (
          <ActionIcon
            key={step}
            variant="subtle"
            color="gray"
            aria-label={t(`questions.${label}`, { question: name })}
            disabled={to === null}
            onClick={() => to !== null && onMove(question, to)}
          >
            <Icon size={20} aria-hidden />
          </ActionIcon>
        )
      })}
    </span>
  )
}

const STEPS = [
  { step: -1, label: 'up', Icon: IconArrowUp },
  { step: 1, label: 'down', Icon: IconArrowDown },
] as const

function Answers({ question: { answers, options } }: { question: Question }) {
  const { t } = useTranslation('trade-ins')
  const effects = useEffects()
  if (answers === 'text') return <span className={classes.dim}>{t('questions.kinds.text')}</span>
  return (
    <ul className={classes.answers}>
      {options.map((option) => (
        <li key={option.key}>
          {spoken(option.text)} <Effect of={effects(option)} />
        </li>
      ))}
    </ul>
  )
}

/** Sends the new order; the list shows it at once, and the old one again where it is refused. */
function useMove(list: Checklist) {
  const { t } = useTranslation('trade-ins')
  const explain = useExplain()
  const show = (lists: Checklist[] | undefined, ids: readonly number[]) =>
    lists?.map((one) => {
      if (one.id !== list.id) return one
      const byId = new Map(one.questions.map((question) => [question.id, question]))
      return { ...one, questions: ids.flatMap((id) => byId.get(id) ?? []) }
    })
  const sending = useMutation({
    mutationFn: (ids: number[]) => orderQuestions(list.id, ids),
    onMutate: (ids) => {
      queryClient.setQueryData<Checklist[]>(checklistsQuery.queryKey, (lists) => show(lists, ids))
    },
    onError: (error) => toast(explain(error), { bad: true }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: checklistsQuery.queryKey }),
  })
  return (question: Question, to: number) => {
    const before = asked(list.questions).map(({ id }) => id)
    const ids = moved(list.questions, question.id, to)
    if (!ids) return
    sending.mutate(ids, {
      onSuccess: () =>
        toast(t('questions.moved', { question: spoken(question.text), place: ids.indexOf(question.id) + 1 }), {
          undo: { label: t('questions.undo'), run: () => sending.mutate(before) },
        }),
    })
  }
}

/** A question that was moved by keys keeps the cursor. */
function useFocusOnMoved(list: Checklist) {
  const wanted = useRef<number | null>(null)
  useEffect(() => {
    if (wanted.current === null) return
    document.querySelector<HTMLElement>(`[data-question="${wanted.current}"]`)?.focus()
    wanted.current = null
  }, [list])
  return (id: number) => {
    wanted.current = id
  }
}
