import { useTranslation } from 'react-i18next'
import { CONDITION_PARTS } from '../../../../server/domain/device-condition.ts'
import { accessoryName } from '../../../ui/starter-names.ts'
import { CONDITION_ICONS } from '../condition.ts'
import type { Ticket } from '../requests.ts'
import classes from '../timeline.module.css'

/** What was written down when the device came in: what came with it, how it was, and who signed. */
export function TakenInFacts({ ticket: { intake } }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'intake'])
  if (!intake) return null
  const { accessories, condition, signature, terms_accepted } = intake
  const noted = CONDITION_PARTS.flatMap((part) => {
    const state = condition[part]
    return state && state !== 'ok' ? [{ part, state }] : []
  })
  const inOrder = CONDITION_PARTS.filter((part) => condition[part] === 'ok').length
  return (
    <div className={classes.facts}>
      {accessories.length > 0 && <span>{t('timeline.with', { what: accessories.map(accessoryName).join(', ') })}</span>}
      {noted.map(({ part, state }) => {
        const Icon = CONDITION_ICONS[state]
        return (
          <span key={part} className={classes.part} data-state={state}>
            <Icon size={14} stroke={2} aria-hidden />
            {t(`part.${part}`)} {t(`condition.${state}`)}
          </span>
        )
      })}
      {inOrder > 0 && (
        <span className={classes.part} data-state="ok">
          {t(noted.length > 0 ? 'timeline.restInOrder' : 'timeline.inOrder', { count: inOrder })}
        </span>
      )}
      {terms_accepted && <span>{t(signature ? 'intake:agreedAndSigned' : 'intake:agreed')}</span>}
      {signature && (
        <svg viewBox="0 0 600 200" className={classes.signature} role="img" aria-label={t('intake:signature')}>
          <path d={signature} />
        </svg>
      )}
    </div>
  )
}
