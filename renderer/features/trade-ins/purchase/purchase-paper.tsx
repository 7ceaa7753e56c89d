import { useTranslation } from 'react-i18next'
import { joined } from '../../../isolated.ts'
import { BarCode, receiptCode } from '../../../print/codes.tsx'
import { Line, ShopHead, usePaperDate } from '../../../print/paper-parts.tsx'
import classes from '../../../print/roll.module.css'
import { useShop } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import type { PurchaseData } from './requests.ts'
import { spokenDay } from './seller-dates.ts'
import own from './purchase-paper.module.css'

type Side = 'seller' | 'shop'

/** The paper of a purchase, one for each side: who sold what, for how much, what was looked up, and what was signed. 80 mm wide. */
export function PurchasePaper({ purchase, side }: { purchase: PurchaseData; side: Side }) {
  const { t } = useTranslation(['trade-ins', 'papers'])
  const date = usePaperDate()
  const format = useFormat()
  const shop = useShop()
  const { number, original_number, title, serial_number, created_at, cashier, approver, note, undone_by } = purchase
  return (
    <article className={classes.roll}>
      <ShopHead />
      <h2>{t(original_number === null ? 'purchase.paper.purchase' : 'purchase.paper.undone')}</h2>
      <p className={own.side}>
        {purchase.printed > 0 && <strong>{t('purchase.copy')} · </strong>}
        {t(`purchase.side.${side}`)}
      </p>
      <dl>
        <Line label={t('purchase.number')}>{number}</Line>
        <Line label={t('purchase.takesBack')}>{original_number}</Line>
        <Line label={t('papers:date')}>{date.instant(created_at)}</Line>
        <Line label={t('papers:cashier')}>{cashier}</Line>
        <Line label={t('purchase.approvedBy')}>{approver}</Line>
        <Line label={t('papers:taxNumber')}>{shop?.tax_number}</Line>
        <Line label={t('purchase.reason')}>{note && <bdi>{note}</bdi>}</Line>
      </dl>
      <dl className={classes.ruled}>
        <Line label={title}>{format.cents(purchase.total_cents)}</Line>
      </dl>
      <dl>
        <Line label={t('papers:serial')}>{serial_number}</Line>
        {purchase.legs.map(({ method, amount_cents, reference }) => (
          <Line key={method} label={t(method === 'transfer' ? 'purchase.way.transfer' : 'purchase.way.cash')}>
            {joined(format.cents(Math.abs(amount_cents)), reference)}
          </Line>
        ))}
        <Line label={t('purchase.hold')}>
          {purchase.hold_until !== null && original_number === null && date.day(purchase.hold_until)}
        </Line>
      </dl>
      <Checked checks={purchase.checks} />
      <Seller purchase={purchase} />
      <Signed purchase={purchase} />
      {undone_by && <p className={own.side}>{t('purchase.undoneBy', { number: undone_by.number })}</p>}
      <BarCode text={receiptCode(number)} label={number} className={classes.bar} />
    </article>
  )
}

function Checked({ checks }: Pick<PurchaseData, 'checks'>) {
  const { t } = useTranslation('trade-ins')
  const date = usePaperDate()
  if (checks.length === 0) return null
  return (
    <dl className={`${classes.ruled} ${own.small}`}>
      {checks.map(({ kind, result, source, at }) => (
        <Line key={kind} label={t(`requests.check.${kind}`)}>
          {joined(t(`requests.outcome.${result}`), source, at !== null && date.day(at))}
        </Line>
      ))}
    </dl>
  )
}

const KNOWN_DOCUMENTS = ['id-card', 'passport', 'driving-licence'] as const

function Seller({ purchase: { identity, customer, other_owner } }: { purchase: PurchaseData }) {
  const { t } = useTranslation('trade-ins')
  const { dateLocale } = useFormat()
  const day = (iso: string) => spokenDay(iso, dateLocale)
  const date = usePaperDate()
  const document = KNOWN_DOCUMENTS.find((kind) => kind === identity?.document_kind)
  return (
    <dl className={`${classes.ruled} ${own.small}`}>
      <Line label={t('purchase.seller')}>
        <bdi>{identity?.name ?? customer}</bdi>
      </Line>
      <Line label={t('purchase.kindOf')}>{identity?.kind && t(`purchase.kind.${identity.kind}`)}</Line>
      <Line label={t('purchase.field.document_kind')}>
        {document ? t(`purchase.document.${document}`) : identity?.document_kind}
      </Line>
      <Line label={t('purchase.field.number')}>{identity?.number}</Line>
      <Line label={t('purchase.field.issuer')}>{identity?.issuer}</Line>
      <Line label={t('purchase.field.valid_until')}>{identity?.valid_until && day(identity.valid_until)}</Line>
      <Line label={t('purchase.field.born')}>{identity?.born && day(identity.born)}</Line>
      <Line label={t('purchase.field.address')}>{identity?.address && <bdi>{identity.address}</bdi>}</Line>
      <Line label={t('purchase.notOwnerOnFile')}>
        {other_owner && t('purchase.askedBy', { name: other_owner.asked_by, when: date.instant(other_owner.at) })}
      </Line>
    </dl>
  )
}

/** The words as they were signed, whatever they say today. */
function Signed({ purchase: { declaration, created_at } }: { purchase: PurchaseData }) {
  const { t } = useTranslation('trade-ins')
  const date = usePaperDate()
  if (!declaration) return null
  const { words, language, signature } = declaration
  return (
    <section className={own.signed}>
      <p lang={language}>{words ?? t('purchase.erased')}</p>
      {signature && (
        <svg viewBox="0 0 600 200" role="img" aria-label={t('purchase.signature')}>
          <path d={signature} />
        </svg>
      )}
      <p className={own.line}>{date.instant(created_at)}</p>
    </section>
  )
}
