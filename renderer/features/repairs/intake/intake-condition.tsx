import { Button, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useOneTabStop } from '../../../ui/fields/one-tab-stop.ts'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toggled } from '../../../ui/toggled.ts'
import { CONDITION_PARTS, type Condition, type ConditionPart } from '../../../../server/domain/device-condition.ts'
import { ACCESSORIES, CONDITION_ICONS } from '../condition.ts'
import type { IntakePart } from './intake-draft.ts'
import parts from './condition.module.css'
import classes from './intake.module.css'

/** What comes with the device. */
export function IntakeAccessories({ draft, change, errors }: IntakePart) {
  const { t } = useTranslation(['intake', 'repairs'])
  const group = useRef<HTMLDivElement>(null)
  useOneTabStop(group)
  return (
    <section className={classes.section} aria-labelledby="intake-accessories">
      <h2 id="intake-accessories">{t('accessories')}</h2>
      <div ref={group} role="group" aria-labelledby="intake-accessories" className={classes.chips}>
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
  )
}

/** What the next press says of a part. */
const NEXT = {
  untested: 'ok',
  ok: 'worn',
  worn: 'broken',
  broken: 'missing',
  missing: 'untested',
} as const satisfies Record<Condition, Condition>

/** In which condition the device is: one chip a part, changed by presses; a part that nobody looked at was not seen. */
export function IntakeCondition({ draft: { condition }, change }: IntakePart) {
  const { t } = useTranslation('intake')
  const group = useRef<HTMLDivElement>(null)
  useOneTabStop(group)
  const restInOrder = () =>
    change(({ condition: seen }) => ({
      condition: Object.fromEntries(CONDITION_PARTS.map((part) => [part, wordOf(seen, part, 'ok')])),
    }))
  const isBegun = CONDITION_PARTS.some((part) => wordOf(condition, part) !== 'untested')
  const label = t(isBegun ? 'restOk' : 'allOk')
  useShortcuts([{ keys: 'alt+a', label, run: restInOrder }])
  return (
    <section className={classes.section} aria-labelledby="intake-condition">
      <div className={classes.titleRow}>
        <h2 id="intake-condition">{t('condition')}</h2>
        <span className={classes.hint}>{t('pressAgain')}</span>
        <Button variant="subtle" size="compact-sm" rightSection={<Key of="alt+a" />} onClick={restInOrder}>
          {label}
        </Button>
      </div>
      <div ref={group} role="group" aria-labelledby="intake-condition" className={parts.parts}>
        {CONDITION_PARTS.map((part) => (
          <PartChip
            key={part}
            part={part}
            state={wordOf(condition, part)}
            onNext={() =>
              change(({ condition: seen }) => ({ condition: { ...seen, [part]: NEXT[wordOf(seen, part)] } }))
            }
          />
        ))}
      </div>
    </section>
  )
}

type Seen = IntakePart['draft']['condition']

/** What was said of the part; `unseen` where nobody looked at it. */
function wordOf(seen: Seen, part: ConditionPart, unseen: Condition = 'untested'): Condition {
  const word = seen[part] ?? 'untested'
  return word === 'untested' ? unseen : word
}

type PartProps = { part: ConditionPart; state: Condition; onNext: () => void }

/** One part and the word for how it is; a press goes to the next word. */
function PartChip({ part, state, onNext }: PartProps) {
  const { t } = useTranslation('repairs')
  const Icon = CONDITION_ICONS[state]
  return (
    <button type="button" className={parts.chip} data-state={state} onClick={onNext}>
      <span className={parts.name}>{t(`part.${part}`)}</span>
      <span className={parts.word}>
        <Icon size={15} stroke={2.2} aria-hidden />
        {t(`condition.${state}`)}
      </span>
    </button>
  )
}
