import { useTranslation } from 'react-i18next'
import type { StaffMember } from '../../session.ts'
import { KeyAt } from '../../ui/scanner/key.tsx'
import { initials } from '../../ui/marks/initials.ts'
import classes from './staff-tiles.module.css'

type Props = { staff: readonly StaffMember[]; chosen: number | null; onChoose: (id: number) => void }

/** Everybody who may use the counter. Arrow keys choose, as among radio buttons. */
export function StaffTiles({ staff, chosen, onChoose }: Props) {
  const { t } = useTranslation('auth')
  return (
    <div className={classes.tiles} role="radiogroup" aria-label={t('lock.who')}>
      {staff.map(({ id, full_name, has_pin }, index) => (
        <label key={id} className={classes.tile} data-chosen={id === chosen || undefined}>
          <input type="radio" name="staff" checked={id === chosen} onChange={() => onChoose(id)} />
          <span className={classes.initials} aria-hidden>
            {initials(full_name)}
          </span>
          <span className={classes.name}>
            {full_name}
            {!has_pin && <small>{t('lock.noPin')}</small>}
          </span>
          <KeyAt index={index} />
        </label>
      ))}
    </div>
  )
}
