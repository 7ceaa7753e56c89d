import { Button, Combobox, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../../../query.ts'
import { useAnswerFor } from '../../../../ui/fields/use-answer-for.ts'
import { ToggleChip } from '../../../../ui/fields/toggle-chip.tsx'
import { deviceTypeName } from '../../../../ui/starter-names.ts'
import type { IntakePart } from '../intake-draft.ts'
import found from '../suggestions.module.css'
import classes from '../intake.module.css'
import { catalogueQuery, type ModelMatch } from '../../requests.ts'
import { cursorMover, enterFocuses, focusStep } from '../focus-order.ts'
import { modelFields, modelsQuery, newModelFields, unsettledModel, useSettledModel } from './find-model.ts'
import { afterPress } from '../../../../ui/after-press.ts'

/** A new device's model: picked from the catalogue, or typed where the catalogue does not have it. */
export function IntakeModel(part: IntakePart) {
  const { t } = useTranslation('intake')
  const { draft, change } = part
  if (draft.model_id !== null)
    return (
      <div className={`${found.card} ${classes.two}`}>
        <div className={found.cardHead}>
          <strong>
            {draft.brand} {draft.model}
          </strong>
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

const NEW_MODEL = 'new'

function ModelPicker({ draft, change, errors }: IntakePart) {
  const { t } = useTranslation('intake')
  const combobox = useCombobox()
  const typed = draft.model_text
  const text = typed.trim()
  const { rows, fresh } = useModels(text)
  const settle = useSettledModel(change)
  const take = async (model: ModelMatch | undefined) => {
    const goTo = cursorMover()
    const fields = model ? modelFields(model) : await newModelFields(text)
    // Its fields must be there before the cursor goes on.
    flushSync(() => change((now) => (now.model_text === typed ? fields : {})))
    goTo(model ? 'problems' : 'model')
  }
  const submit = (value: string) => {
    combobox.closeDropdown()
    void take(rows.find(({ id }) => String(id) === value))
  }
  const onQuickEnter = useQuickEnter(text, { rows, fresh, take, mark: combobox.selectFirstOption })
  return (
    <Combobox store={combobox} onOptionSubmit={submit}>
      <Combobox.Target>
        <TextInput
          className={classes.two}
          label={t('model')}
          placeholder={t('modelHint')}
          data-step="model"
          autoComplete="off"
          value={typed}
          error={errors['device.model_name'] ?? errors['device.model_id'] ?? errors['device']}
          onChange={({ currentTarget }) => {
            change({ model_text: currentTarget.value })
            if (currentTarget.value.trim() === '') return combobox.closeDropdown()
            combobox.openDropdown()
            combobox.selectFirstOption()
          }}
          onFocus={() => text && combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown()
            // What is pressed must not move from under the finger.
            afterPress(() => settle(draft, () => undefined))
          }}
          onKeyDownCapture={(event) => {
            // Ctrl+Enter takes the device in; it chooses nothing from the list.
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) combobox.resetSelectedOption()
            else onQuickEnter(event)
          }}
          onKeyDown={typed === '' ? enterFocuses('problems') : undefined}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text === ''}>
        <Combobox.Options aria-label={t('model')}>
          {rows.map((model, index) => (
            <Combobox.Option key={model.id} value={String(model.id)} selected={index === 0}>
              {model.brand_name} {model.name} <span className={found.dim}>{deviceTypeName(model.type_name)}</span>
            </Combobox.Option>
          ))}
          <Combobox.Option value={NEW_MODEL}>{t('newModel', { name: text })}</Combobox.Option>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

const NO_MODELS: ModelMatch[] = []

/** What the catalogue has for the text. `fresh`: for this text, and not for one before it. */
function useModels(text: string) {
  const [settled] = useDebouncedValue(text, 60)
  const {
    data = NO_MODELS,
    isPlaceholderData,
    isSuccess,
  } = useQuery({
    ...modelsQuery(settled),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  })
  return { rows: text === '' ? NO_MODELS : data, fresh: settled === text && isSuccess && !isPlaceholderData }
}

type ModelChoices = {
  rows: ModelMatch[]
  fresh: boolean
  take: (model: ModelMatch | undefined) => Promise<void>
  /** Marks the first one of the list. */
  mark: () => void
}

/** Comes before the list's own Enter, which takes what is marked: it may have been found for what was typed before. */
function useQuickEnter(text: string, { rows, fresh, take, mark }: ModelChoices) {
  const answerFor = useAnswerFor(text)
  /** Whether a row was selected by an arrow key. */
  const moved = useRef(false)
  const begin = useEffectEvent(() => {
    moved.current = false
    mark()
  })
  // The selection is an index, not a model.
  useEffect(() => begin(), [text, rows])
  return (event: KeyboardEvent) => {
    if (event.key.startsWith('Arrow')) moved.current = true
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || text === '' || fresh || moved.current) return
    event.preventDefault()
    event.stopPropagation()
    void answerFor(
      (q) => queryClient.fetchQuery({ ...modelsQuery(q), retry: false }),
      (found) => void take(found?.[0]),
    )
  }
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
