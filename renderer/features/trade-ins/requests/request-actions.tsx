import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { serverNow } from '../../../server-clock.ts'
import { useMayWork } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { toBuyIn, toIntake, toPurchase, toRequestLabel, TO_TRADE_INS } from '../../../ui/routes.ts'
import type { Chord } from '../../../ui/scanner/chords.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { answerOffer, changeRequest, type Offer, type RequestDetail } from './requests.ts'
import { useRequestAct } from './use-request-act.ts'
import classes from './requests.module.css'

type Action = { keys: Chord; label: string; run: () => void }

/** What comes next for a request: the first one is the act that it waits for. */
export function RequestActions({ request }: { request: RequestDetail }) {
  const { actions, busy } = useActions(request)
  useShortcuts(busy ? [] : actions)
  const [first, ...others] = actions
  if (!first) return null
  return (
    <footer className={classes.actions}>
      {[first, ...others].map(({ keys, label, run }) => (
        <Button
          key={keys}
          variant={label === first.label ? 'filled' : 'default'}
          loading={busy && label === first.label}
          disabled={busy && label !== first.label}
          onClick={run}
          rightSection={<Key of={keys} />}
        >
          {label}
        </Button>
      ))}
    </footer>
  )
}

function useActions(request: RequestDetail): { actions: Action[]; busy: boolean } {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const format = useFormat()
  const mayWork = useMayWork()
  const { step, answer, busy } = useSteps(request)
  const { id, status, offers, user_id, device, purchase, draft_id } = request
  const offer = offers.at(-1)
  const action = (keys: Chord, label: string, run: () => void): Action => ({ keys, label, run })
  const evaluate = (label: string) =>
    action('alt+3', draft_id === null ? label : t('requests.act.goOn'), () => void go(toBuyIn({ request: id })))
  const lookAt = evaluate(t('requests.act.evaluate'))
  const anew = evaluate(t('requests.act.anew'))
  const label = action('F10', t('requests.act.label'), () => void go(toRequestLabel(id)))
  const collected = action('alt+2', t('requests.act.collected'), () => step.mutate({ status: 'collected' }))
  const accept = action('alt+5', t('requests.act.accepted'), () => answer.mutate('accepted'))
  const decline = action('alt+6', t('requests.act.declined'), () => answer.mutate('rejected'))
  const giveBack = action('alt+7', t('requests.act.givenBack'), () => step.mutate({ given_back: true }))
  const repair = action(
    'alt+8',
    t('requests.act.repair'),
    () => void go(toIntake({ customer: user_id, ...(device && { device: device.id }) })),
  )
  const byStep = (): Action[] => {
    if (purchase) return []
    if (status === 'requested') return [collected, lookAt, label]
    if (status === 'collected' || status === 'evaluating') return [lookAt, label]
    if (status === 'rejected')
      return ifSo([canGiveBack(request), giveBack], [mayWork, repair], [true, anew], [mayWork && !!offer, accept])
    // What was offered without looking at the device is looked at before anybody pays for it.
    if (!offer || !device) return ifSo([true, lookAt], [mayWork && offer !== undefined, decline], [true, label])
    return offered(offer)
  }
  return { actions: byStep(), busy }

  /** An offer that has run out is made anew before anything else. */
  function offered({ price_cents, valid_until }: Offer): Action[] {
    const waits = status === 'offered'
    const isOver = waits && valid_until !== null && valid_until <= serverNow()
    const buy = action(
      'alt+4',
      t('requests.act.buy', { amount: format.cents(price_cents) }),
      () => void go(toPurchase(id)),
    )
    const think = action('alt+9', t('requests.act.think'), () => {
      toast(
        valid_until === null ? t('requests.offerStays') : t('requests.offerStands', { day: format.day(valid_until) }),
      )
      void go(TO_TRADE_INS)
    })
    return ifSo(
      [isOver, anew],
      [mayWork && !isOver, buy],
      [mayWork && waits && !isOver, accept],
      [mayWork, decline],
      [mayWork && waits && !isOver, think],
      [!isOver, anew],
      [true, label],
    )
  }
}

const ifSo = (...all: (readonly [boolean, Action])[]) => all.flatMap(([so, action]) => (so ? [action] : []))

const canGiveBack = ({ device, given_back_at }: RequestDetail) => device !== null && given_back_at === null

function useSteps(request: RequestDetail) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { id, offers } = request
  const change = (changes: Parameters<typeof changeRequest>[1]) => changeRequest(id, changes)
  const back = useRequestAct(change, () => void toast(t('requests.undone')))
  const step = useRequestAct(change, ({ status }) => {
    const run = () => back.mutate(status === 'collected' ? { status: 'requested' } : { given_back: false })
    const said = t(status === 'collected' ? 'requests.collectedNow' : 'requests.givenBackNow')
    toast(said, { undo: { label: t('frame:action.undo'), run } })
  })
  const answer = useRequestAct(
    (said: 'accepted' | 'rejected') => answerOffer(id, { version: offers.at(-1)!.version, answer: said }),
    (said) => void toast(t(`requests.answered.${said}`)),
  )
  return { step, answer, busy: step.isPending || answer.isPending }
}
