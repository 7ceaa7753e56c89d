import { Combobox, TextInput, type TextInputProps, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../query.ts'
import { useAnswerFor } from '../ui/fields/use-answer-for.ts'
import { deviceTypeName } from '../ui/starter-names.ts'
import { modelsQuery } from './find-model.ts'
import type { ModelMatch } from './requests.ts'
import found from './suggestions.module.css'
import { deviceName } from '../../server/domain/text/device-name.ts'

type Props = Pick<TextInputProps, 'className' | 'error' | 'onBlur' | 'autoFocus'> & {
  text: string
  onText: (text: string) => void
  /** The model that was chosen; undefined for a new one of the name that is typed. */
  onTake: (model: ModelMatch | undefined) => void
  /** Where the cursor is put: `data-step`. */
  step: string
  /** Of the empty field, where there is nothing to choose. */
  onKeyDown?: ((event: KeyboardEvent) => void) | undefined
}

const NEW_MODEL = 'new'

/** A model of the catalogue, found by beginnings of its words; the last row of the list takes what is typed as a new one. */
export function ModelField({ text: typed, onText, onTake, step, onBlur, onKeyDown, ...input }: Props) {
  const { t } = useTranslation('intake')
  const combobox = useCombobox()
  const text = typed.trim()
  const { rows, fresh } = useModels(text)
  const submit = (value: string) => {
    combobox.closeDropdown()
    onTake(rows.find(({ id }) => String(id) === value))
  }
  const onQuickEnter = useQuickEnter(text, { rows, fresh, take: onTake, mark: combobox.selectFirstOption })
  return (
    <Combobox store={combobox} onOptionSubmit={submit}>
      <Combobox.Target>
        <TextInput
          {...input}
          label={t('model')}
          placeholder={t('modelHint')}
          data-step={step}
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => {
            onText(currentTarget.value)
            if (currentTarget.value.trim() === '') return combobox.closeDropdown()
            combobox.openDropdown()
            combobox.selectFirstOption()
          }}
          onFocus={({ currentTarget }) => {
            // What was chosen before is typed over.
            currentTarget.select()
            if (text) combobox.openDropdown()
          }}
          onBlur={(event) => {
            combobox.closeDropdown()
            onBlur?.(event)
          }}
          onKeyDownCapture={onQuickEnter}
          onKeyDown={typed === '' ? onKeyDown : undefined}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text === ''}>
        <Combobox.Options aria-label={t('model')}>
          {rows.map((model) => (
            <Combobox.Option key={model.id} value={String(model.id)}>
              {deviceName({ brand: model.brand_name, model: model.name })}{' '}
              <span className={found.dim}>{deviceTypeName(model.type_name)}</span>
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
  take: (model: ModelMatch | undefined) => void
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
      (found) => take(found?.[0]),
    )
  }
}
