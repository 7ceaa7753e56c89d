import { IconDeviceMobile } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../../../server-clock.ts'
import { Money } from '../../../ui/money.tsx'
import { Picture } from '../../../ui/photos/picture.tsx'
import { toTradeIn } from '../../../ui/routes.ts'
import { isFocusNowhere } from '../../../ui/scanner/text-fields.ts'
import { StoreCode } from '../../../ui/stores/store-code.tsx'
import { TwoLines } from '../../../ui/two-lines.tsx'
import { addressOf, customerOf, deviceOf } from './request-words.ts'
import type { Request } from './requests.ts'
import { StepBadge } from '../../../desk/step-badge.tsx'
import { PickUpTime } from './pick-up-time.tsx'
import { When } from '../../../ui/when.tsx'
import classes from './requests.module.css'

type Props = { requests: readonly Request[]; opened: number | null; onOpen: (id: number) => void }

export function RequestTable({ requests, opened, onOpen }: Props) {
  const { t } = useTranslation('trade-ins')
  const starts = requests.find(({ id }) => id === opened) ?? requests[0]
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('requests.number')}</th>
          <th scope="col">{t('requests.what')}</th>
          <th scope="col">{t('requests.pickUp')}</th>
          <th scope="col">{t('requests.step')}</th>
          <th scope="col" className={classes.money}>
            {t('requests.offer')}
          </th>
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => (
          <Row
            key={request.id}
            request={request}
            isOpened={request.id === opened}
            isStart={request === starts}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  )
}

/** `isStart`: where work on the list begins. */
type RowProps = { request: Request; isOpened: boolean; isStart: boolean; onOpen: (id: number) => void }

function Row({ request, isOpened, isStart, onOpen }: RowProps) {
  const { id, store_id, photos, status, evaluation } = request
  const link = useRef<HTMLAnchorElement>(null)
  // The cursor stays in the list when a row is opened by a key: its address is a screen of its own.
  useEffect(() => {
    if (isOpened && isFocusNowhere()) link.current?.focus({ preventScroll: true })
  }, [isOpened])
  return (
    <tr data-opened={isOpened || undefined} onClick={() => onOpen(id)}>
      <td>
        <a
          ref={link}
          href={toTradeIn(id)}
          data-row-link
          data-work-start={isStart || undefined}
          aria-current={isOpened || undefined}
          className="figures"
          onClick={(event) => {
            event.preventDefault()
            event.stopPropagation()
            onOpen(id)
          }}
        >
          {id}
        </a>
        <StoreCode store_id={store_id} />
      </td>
      <td>
        <span className={classes.device}>
          {photos[0] ? (
            <Picture src={`${photos[0]}&size=thumbnail`} alt="" loading="lazy" className={classes.thumb} small />
          ) : (
            <span className={classes.thumb}>
              <IconDeviceMobile size={20} stroke={1.4} aria-hidden />
            </span>
          )}
          <span className={classes.lines}>
            <strong>
              <TwoLines title={deviceOf(request)} />
            </strong>
            <bdi className={classes.dim}>{customerOf(request)}</bdi>
          </span>
        </span>
      </td>
      <td>
        <span className={classes.lines}>
          <PickUp request={request} />
        </span>
      </td>
      <td>
        <StepBadge status={status} />
      </td>
      <td className={classes.money}>{evaluation && <Money cents={evaluation.final_offer_cents} />}</td>
    </tr>
  )
}

/** When it is fetched or was, and where. */
function PickUp({ request }: { request: Request }) {
  const { t } = useTranslation('trade-ins')
  const { status, scheduled_at, collected_at, channel, created_at } = request
  if (channel === 'counter')
    return (
      <>
        <span>{t('requests.broughtIn')}</span>
        <span className={classes.dim}>
          <When at={created_at} />
        </span>
      </>
    )
  const late = status === 'requested' && scheduled_at !== null && scheduled_at < serverNow()
  return (
    <>
      {status !== 'requested' && collected_at !== null ? (
        <span>
          {t('requests.collectedOn')} <When at={collected_at} />
        </span>
      ) : (
        <span data-late={late || undefined}>
          {scheduled_at === null ? t('requests.noTime') : <PickUpTime at={scheduled_at} />}
        </span>
      )}
      <bdi className={classes.dim} title={addressOf(request)}>
        {addressOf(request)}
      </bdi>
    </>
  )
}
