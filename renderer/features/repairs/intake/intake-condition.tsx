import { Button, TextInput, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { toggled } from '../../../ui/toggled.ts'
import {
  CONDITION_PARTS,
  CONDITIONS,
  type Condition,
  type ConditionPart,
} from '../../../../server/domain/device-condition.ts'
import { ACCESSORIES, CONDITION_ICONS } from '../condition.ts'
import type { IntakePart } from './intake-draft.ts'
import parts from './condition.module.css'
import classes from './intake.module.css'

/** What comes with the device, and in which condition it is. */
export function IntakeCondition({ draft, change, errors }: IntakePart) {
  const { t } = useTranslation(['intake', 'repairs'])
  const set = (part: ConditionPart, state: Condition) =>
    change(({ condition }) => {
      const { [part]: before, ...others } = condition
      return { condition: before === state ? others : { ...others, [part]: state } }
    })
  return (
    <>
      <section className={classes.section} aria-labelledby="intake-accessories">
        <h2 id="intake-accessories">{t('accessories')}</h2>
        <div role="group" aria-labelledby="intake-accessories" className={classes.chips}>
          {ACCESSORIES.map((accessory) => (
            <ToggleChip
              key={accessory}
              pressed={draft.accessories.includes(accessory)}
              onToggle={() =>
                change(({ accessories }) => ({ accessories: toggled(accessories, accessory), nothing_with_it: false }))
              }
            >
              {t(`repairs:accessory.${accessory}`)}
            </ToggleChip>
          ))}
          <ToggleChip
            pressed={draft.nothing_with_it}
            onToggle={() =>
              change(({ nothing_with_it }) => ({
                nothing_with_it: !nothing_with_it,
                ...(!nothing_with_it && { accessories: [], otherAccessories: '' }),
              }))
            }
          >
            {t('noAccessories')}
          </ToggleChip>
          <TextInput
            className={classes.others}
            aria-label={t('otherAccessories')}
            placeholder={t('otherAccessories')}
            autoComplete="off"
            value={draft.otherAccessories}
            onChange={({ currentTarget }) => change({ otherAccessories: currentTarget.value, nothing_with_it: false })}
            error={errors['accessories']}
          />
        </div>
      </section>
      <section className={classes.section} aria-labelledby="intake-condition">
        <div className={classes.titleRow}>
          <h2 id="intake-condition">{t('condition')}</h2>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() =>
              change({ condition: Object.fromEntries(CONDITION_PARTS.map((part) => [part, 'ok' as const])) })
            }
          >
            {t('allOk')}
          </Button>
        </div>
        <div className={parts.parts}>
          {CONDITION_PARTS.map((part) => (
            <PartState key={part} part={part} state={draft.condition[part]} onSet={(state) => set(part, state)} />
          ))}
        </div>
      </section>
    </>
  )
}

type PartProps = { part: ConditionPart; state: Condition | undefined; onSet: (state: Condition) => void }

function PartState({ part, state, onSet }: PartProps) {
  const { t } = useTranslation('repairs')
  return (
    <div role="group" aria-label={t(`part.${part}`)} className={parts.part}>
      <span className={parts.partName}>
        {t(`part.${part}`)}
        {state && (
          <span className={parts.partState} data-state={state}>
            {t(`condition.${state}`)}
          </span>
        )}
      </span>
      {CONDITIONS.map((choice) => {
        const Icon = CONDITION_ICONS[choice]
        return (
          <Tooltip key={choice} label={t(`condition.${choice}`)}>
            <button
              type="button"
              className={parts.state}
              data-state={choice}
              aria-pressed={state === choice}
              aria-label={t(`condition.${choice}`)}
              onClick={() => onSet(choice)}
            >
              <Icon size={16} stroke={2} aria-hidden />
            </button>
          </Tooltip>
        )
      })}
    </div>
  )
}
