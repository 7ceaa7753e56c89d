import { IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Money } from '../../../ui/money.tsx'
import { useFormat } from '../../../ui/format.ts'
import { isSizeOpen, type WorkedOut } from './answering.ts'
import type { BuyIn } from './requests.ts'
import { useTextIn } from './text-in.ts'
import classes from './evaluate.module.css'

type Props = WorkedOut & {
  draft: BuyIn
  /** Whether the matrix of this very model is known: the server says it with its answer. */
  priced: boolean
}

/** What is offered in the largest type, and the sum that it comes from, line by line. */
export function OfferSum({ draft, assessment, offer, priced }: Props) {
  const { t } = useTranslation('trade-ins')
  const { other_price, device } = draft
  const price = other_price?.price_cents ?? offer?.price_cents
  const open = assessment.unanswered.length
  return (
    <section aria-label={t('evaluate.offer')} className={classes.offer}>
      <div className={classes.offerHead}>
        <div className={classes.grow} aria-live="polite">
          <span className={classes.dim}>
            {open > 0 ? t('evaluate.offerSoFar', { count: open }) : t('evaluate.offer')}
          </span>
          <div className={classes.price}>{price === undefined ? '–' : <Money cents={price} />}</div>
        </div>
        <div className={classes.gradeBox}>
          <span className={classes.grade}>{assessment.grade}</span>
          <span className={classes.hint}>{t('evaluate.grade')}</span>
        </div>
      </div>
      <Blocked draft={draft} assessment={assessment} />
      {offer ? (
        <table className={classes.sum}>
          <tbody>
            <tr>
              <th scope="row">
                {t('evaluate.base', {
                  device: [device.model, device.storage].filter(Boolean).join(', '),
                  grade: assessment.grade,
                })}
              </th>
              <td>
                <Money cents={offer.base_cents} />
              </td>
            </tr>
            {offer.deductions.map(({ name, amount_cents }) => (
              <tr key={name} data-off>
                <th scope="row">{name}</th>
                <td>
                  −<Money cents={amount_cents} />
                </td>
              </tr>
            ))}
            {(offer.deductions.length > 0 || other_price) && (
              <tr data-total>
                <th scope="row">{t('evaluate.bySum')}</th>
                <td>
                  <Money cents={offer.price_cents} />
                </td>
              </tr>
            )}
            {other_price && (
              <tr data-total>
                <th scope="row">{t('evaluate.otherPrice')}</th>
                <td>
                  <Money cents={other_price.price_cents} />
                </td>
              </tr>
            )}
          </tbody>
        </table>
      ) : (
        <NoPrice draft={draft} priced={priced} />
      )}
      {offer?.price_cents === 0 && !other_price && <p className={classes.amber}>{t('evaluate.recycle')}</p>}
    </section>
  )
}

/** The same in one line, where the column that decides is out of sight. */
export function OfferLine({ draft, assessment, offer }: Omit<Props, 'priced'>) {
  const { t } = useTranslation('trade-ins')
  const price = draft.other_price?.price_cents ?? offer?.price_cents
  const open = assessment.unanswered.length
  return (
    // Said by the column itself.
    <div className={classes.offerLine} aria-hidden>
      <span>{open > 0 ? t('evaluate.offerSoFar', { count: open }) : t('evaluate.offer')}</span>
      <strong>{price === undefined ? '–' : <Money cents={price} />}</strong>
      <span className={classes.grade}>{assessment.grade}</span>
    </div>
  )
}

function NoPrice({ draft, priced }: Pick<Props, 'draft' | 'priced'>) {
  const { t } = useTranslation('trade-ins')
  if (draft.device.model === '') return <p className={classes.dim}>{t('evaluate.noModelYet')}</p>
  if (isSizeOpen(draft)) return <p className={classes.dim}>{t('evaluate.noSizeYet')}</p>
  if (!priced) return <p className={classes.dim}>{t('evaluate.priceComes')}</p>
  return (
    <p role="status" className={draft.other_price ? classes.dim : classes.amber}>
      {t('evaluate.noPrice')}
    </p>
  )
}

/** Why nothing is paid, whatever the sum says. */
function Blocked({ draft, assessment }: Pick<Props, 'draft' | 'assessment'>) {
  const { t } = useTranslation('trade-ins')
  const textIn = useTextIn()
  const format = useFormat()
  const by = draft.questions.filter(({ id }) => assessment.blocked_by.includes(id)).map(({ text }) => textIn(text))
  if (by.length === 0) return null
  return (
    <p role="alert" className={classes.here}>
      <IconLock size={18} aria-hidden />
      {t('evaluate.blocked', { questions: new Intl.ListFormat(format.locale).format(by) })}
    </p>
  )
}
