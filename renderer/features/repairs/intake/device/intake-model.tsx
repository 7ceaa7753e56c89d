import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { ModelField } from '../../../../desk/model-field.tsx'
import { catalogueQuery, type ModelMatch } from '../../../../desk/requests.ts'
import found from '../../../../desk/suggestions.module.css'
import { afterPress } from '../../../../ui/after-press.ts'
import { ToggleChip } from '../../../../ui/fields/toggle-chip.tsx'
import { deviceTypeName } from '../../../../ui/starter-names.ts'
import type { IntakePart } from '../intake-draft.ts'
import classes from '../intake.module.css'
import { cursorMover, enterFocuses, focusStep } from '../focus-order.ts'
import { modelFields, newModelFields, unsettledModel, useSettledModel } from './find-model.ts'
import { deviceName } from '../../../../../server/domain/text/device-name.ts'

/** A new device's model: picked from the catalogue, or typed where the catalogue does not have it. */
export function IntakeModel(part: IntakePart) {
  const { t } = useTranslation('intake')
  const { draft, change } = part
  if (draft.model_id !== null)
    return (
      <div className={`${found.card} ${classes.two}`}>
        <div className={found.cardHead}>
          <strong>{deviceName(draft)}</strong>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => {
              change(unsettledModel(draft))
              focusStep('model')
            }}
          >
            {t('change')}
          </Button>
        </div>
      </div>
    )
  return draft.brand === '' && draft.model === '' ? <ModelPicker {...part} /> : <NewModelFields {...part} />
}

function ModelPicker({ draft, change, errors }: IntakePart) {
  const typed = draft.model_text
  const settle = useSettledModel(change)
  const take = async (model: ModelMatch | undefined) => {
    const goTo = cursorMover()
    const fields = model ? modelFields(model) : await newModelFields(typed.trim())
    // Its fields must be there before the cursor goes on.
    flushSync(() => change((now) => (now.model_text === typed ? fields : {})))
    goTo(model ? 'problems' : 'model')
  }
  return (
    <ModelField
      className={classes.two}
      step="model"
      text={typed}
      onText={(model_text) => change({ model_text })}
      onTake={(model) => void take(model)}
      error={errors['device.model_name'] ?? errors['device.model_id'] ?? errors['device']}
      // What is pressed must not move from under the finger.
      onBlur={() => afterPress(() => settle(draft, () => undefined))}
      onKeyDown={enterFocuses('problems')}
    />
  )
}

function NewModelFields({ draft, change, errors }: IntakePart) {
  const { t } = useTranslation('intake')
  const { data: catalogue } = useQuery(catalogueQuery)
  const types = catalogue?.types ?? []
  const noType = errors['device.device_type_id']
  return (
    <>
      <TextInput
        label={t('brand')}
        autoComplete="off"
        list="brands"
        value={draft.brand}
        onChange={({ currentTarget }) => change({ brand: currentTarget.value })}
        error={errors['device.brand_name']}
      />
      <TextInput
        label={t('model')}
        autoComplete="off"
        data-step="model"
        value={draft.model}
        onChange={({ currentTarget }) => change({ model: currentTarget.value })}
        onKeyDown={enterFocuses(draft.type_id === null ? 'type' : 'problems')}
        error={errors['device.model_name'] ?? errors['device']}
      />
      <datalist id="brands">
        {catalogue?.brands.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
      <div className={classes.fullWidth}>
        <span className={classes.hidden} id="device-type">
          {t('type')}
        </span>
        <div
          role="group"
          aria-labelledby="device-type"
          aria-describedby={noType && 'device-type-error'}
          data-refused={noType !== undefined || undefined}
          className={classes.chips}
        >
          {types.map(({ id, name }, index) => (
            <ToggleChip
              key={id}
              pressed={draft.type_id === id}
              onToggle={() => {
                change({ type_id: id })
                focusStep('problems')
              }}
              {...(index === 0 && { step: 'type' })}
            >
              {deviceTypeName(name)}
            </ToggleChip>
          ))}
        </div>
        {noType && (
          <p id="device-type-error" className={classes.error}>
            {noType}
          </p>
        )}
      </div>
    </>
  )
}
