import { Button, TextInput } from '@mantine/core'
import { IconDeviceMobile } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router'
import { NumberState } from '../../../desk/number-state.tsx'
import { joined } from '../../../isolated.ts'
import { queryClient } from '../../../query.ts'
import { useRowArrows } from '../../../ui/fields/row-arrows.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { Page } from '../../../ui/page.tsx'
import { toEvaluation } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { isDocument } from '../../../ui/scanner/scan.ts'
import { useScanner } from '../../../ui/scanner/scanner.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { When } from '../../../ui/when.tsx'
import { Offered } from './offered.tsx'
import { beginBuyIn, type BuyInLine, buyInsQuery } from './requests.ts'
import classes from './evaluate.module.css'

/** Where buying in begins: a number, or an evaluation that somebody has begun. */
export function BuyIn() {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const go = useNavigate()
  const { state } = useLocation() as { state: { offered?: number } | null }
  const { begin, busy } = useBegin()
  useShortcuts([
    { keys: 'alt+w', label: t('evaluate.withoutNumber'), run: () => begin({}) },
    { keys: 'Escape', label: t('frame:shortcuts.back'), run: () => void go(-1) },
  ])
  useScanner((scan) => {
    if (isDocument(scan)) return false
    begin(
      scan.kind === 'device' && /^\d{1,15}$/.test(scan.value)
        ? { device_id: Number(scan.value) }
        : { serial_number: scan.value },
    )
    return true
  })
  return (
    <Page title={t('evaluate.title')}>
      <div className={classes.begin}>
        {state?.offered !== undefined && <Offered pickup_id={state.offered} />}
        <NumberField busy={busy} onNumber={(serial_number) => begin({ serial_number })} />
        <div>
          <Button variant="subtle" size="compact-sm" onClick={() => begin({})} rightSection={<Key of="alt+w" />}>
            {t('evaluate.withoutNumber')}
          </Button>
        </div>
        <UnderWay />
      </div>
    </Page>
  )
}

type From = Parameters<typeof beginBuyIn>[0]

/** Begins, or goes on with what is under way; an address that says with what does so by itself: `/buy-in?request=12`. */
function useBegin() {
  const go = useNavigate()
  const explain = useExplain()
  const [asked] = useSearchParams()
  const begun = useRef('')
  const { mutate, isPending } = useMutation({
    mutationFn: beginBuyIn,
    onSuccess: (buyIn) => {
      queryClient.setQueryData(['buy-ins', buyIn.id], buyIn)
      void go(toEvaluation(buyIn.id), { replace: asked.size > 0 })
    },
    onError: (error) => {
      begun.current = ''
      toast(explain(error), { bad: true })
    },
  })
  const beginAsAsked = useEffectEvent((from: From) => {
    const name = JSON.stringify(from)
    if (name === '{}' || name === begun.current) return
    begun.current = name
    mutate(from)
  })
  useEffect(() => beginAsAsked(fromAddress(asked)), [asked])
  return { begin: (from: From) => !isPending && mutate(from), busy: isPending }
}

function fromAddress(asked: URLSearchParams): From {
  const number = (name: string) => (Number(asked.get(name)) > 0 ? Number(asked.get(name)) : undefined)
  const known = {
    pickup_id: number('request'),
    order_id: number('order'),
    device_id: number('device'),
    serial_number: asked.get('serial') ?? undefined,
  }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
}

function NumberField({ busy, onNumber }: { busy: boolean; onNumber: (number: string) => void }) {
  const { t } = useTranslation('trade-ins')
  const [number, setNumber] = useState('')
  const begin = () => number.trim() !== '' && onNumber(number.trim())
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    begin()
  }
  return (
    <div className={classes.number}>
      <TextInput
        label={t('evaluate.number')}
        size="md"
        data-step="number"
        data-takes-codes
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={number}
        onChange={({ currentTarget }) => setNumber(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Button size="md" loading={busy} onClick={begin} rightSection={<Key of="Enter" />}>
        {t('evaluate.begin')}
      </Button>
      <NumberState serial={number} />
    </div>
  )
}

/** Evaluations that were begun on any device and are gone on with on this one. */
function UnderWay() {
  const { t } = useTranslation('trade-ins')
  const { data, error, refetch } = useQuery(buyInsQuery)
  useRowArrows()
  return (
    <section aria-labelledby="under-way" className={classes.underWay}>
      <h2 id="under-way">{t('evaluate.underWay')}</h2>
      {!data ? (
        error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={3} />
        )
      ) : data.length === 0 ? (
        <EmptyState>{t('evaluate.noneUnderWay')}</EmptyState>
      ) : (
        <ul>
          {data.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Line({ line: { id, title, serial_number, pickup_id, updated_by_name, updated_at } }: { line: BuyInLine }) {
  const { t } = useTranslation('trade-ins')
  return (
    <li>
      <Link to={toEvaluation(id)} data-row-link className={classes.line}>
        <IconDeviceMobile size={20} stroke={1.6} aria-hidden />
        <span className={classes.grow}>
          <strong>
            <bdi>{title || t('evaluate.notDescribed')}</bdi>
          </strong>
          <span className={classes.dim}>
            {joined(serial_number, pickup_id !== null && t('evaluate.ofRequest', { id: pickup_id }))}
          </span>
        </span>
        <span className={classes.dim}>
          <bdi>{updated_by_name}</bdi> · <When at={updated_at} />
        </span>
      </Link>
    </li>
  )
}
