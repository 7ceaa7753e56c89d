import { useTranslation } from 'react-i18next'
import { joined } from '../../../isolated.ts'
import { useFormat } from '../../../ui/format.ts'
import { Money } from '../../../ui/money.tsx'
import { When } from '../../../ui/when.tsx'
import { inLanguage } from './request-words.ts'
import type { Offer, RequestDetail } from './requests.ts'
import classes from './requests.module.css'

/** Every offer that was made, the one that stands first and with its sum; which one the customer has seen. */
export function Offers({ offers }: { offers: readonly Offer[] }) {
  const { t } = useTranslation('trade-ins')
  const [standing, ...older] = offers.toReversed()
  if (!standing) return null
  return (
    <section className={classes.section} aria-labelledby="request-offers">
      <h2 id="request-offers">{t('requests.offers')}</h2>
      <dl className={classes.sum}>
        {standing.base_cents !== null && (
          <div>
            <dt>{t('requests.base', { grade: standing.condition })}</dt>
            <dd>
              <Money cents={standing.base_cents} />
            </dd>
          </div>
        )}
        {standing.deductions.map(({ name, amount_cents }) => (
          <div key={name} data-off>
            <dt>{name}</dt>
            <dd>
              <Money cents={-amount_cents} />
            </dd>
          </div>
        ))}
        <div data-total>
          <dt>
            {t('requests.version', { version: standing.version })}
            <OfferNote offer={standing} />
          </dt>
          <dd>
            <Money cents={standing.price_cents} />
          </dd>
        </div>
      </dl>
      {older.length > 0 && (
        <ul className={classes.older}>
          {older.map((offer) => (
            <li key={offer.version}>
              <span>
                {t('requests.version', { version: offer.version })}
                <OfferNote offer={offer} />
              </span>
              <Money cents={offer.price_cents} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function OfferNote({ offer }: { offer: Offer }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { condition, made_by_name, approved_by_name, reason, valid_until, shown, created_at } = offer
  const more = joined(reason, valid_until !== null && t('requests.validUntil', { day: format.day(valid_until) }))
  return (
    <span className={classes.note}>
      {joined(
        condition,
        made_by_name,
        approved_by_name !== null &&
          approved_by_name !== made_by_name &&
          t('requests.approvedBy', { name: approved_by_name }),
      )}{' '}
      · <When at={created_at} />
      {more !== '' && ` · ${more}`}
      {shown && <span className={classes.seen}>{t('requests.seen')}</span>}
    </span>
  )
}

/** What was answered about the device, as it stood then: question, choice, grade or what it took off. */
export function Answers({ answers }: Pick<RequestDetail, 'answers'>) {
  const { t, i18n } = useTranslation('trade-ins')
  const format = useFormat()
  if (answers.length === 0) return null
  const chosen = ({ choice, choice_text }: RequestDetail['answers'][number]) =>
    choice_text === null ? choice : inLanguage(choice_text, i18n.language)
  return (
    <section className={classes.section} aria-labelledby="request-answers">
      <h2 id="request-answers">{t('requests.answers')}</h2>
      <dl className={classes.answers}>
        {answers.map((answer, index) => (
          <div key={index}>
            <dt>{inLanguage(answer.text, i18n.language)}</dt>
            <dd>
              {joined(
                chosen(answer),
                answer.grade !== null && t('requests.grade', { grade: answer.grade }),
                answer.deduction && format.cents(-answer.deduction.amount_cents),
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
