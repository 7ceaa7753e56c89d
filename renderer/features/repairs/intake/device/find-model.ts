import { useRef } from 'react'
import { modelCalled, newModel } from '../../../../desk/find-model.ts'
import type { ModelMatch } from '../../../../desk/requests.ts'
import type { ChangeDraft, IntakeDraft } from '../intake-draft.ts'
import { deviceName } from '../../../../../server/domain/text/device-name.ts'

type ModelFields = Pick<IntakeDraft, 'model_id' | 'type_id' | 'brand' | 'model' | 'model_text'>

export const modelFields = ({ id, device_type_id, brand_name, name }: ModelMatch): ModelFields => ({
  model_id: id,
  type_id: device_type_id,
  brand: brand_name,
  model: name,
  model_text: '',
})

/** The model is looked for again, from what it was on. */
export const unsettledModel = (draft: IntakeDraft): Partial<ModelFields> => ({
  model_id: null,
  brand: '',
  model: '',
  model_text: deviceName(draft),
})

/** Brand and model as they were named, where the catalogue has no such model. */
export const newModelFields = async (text: string): Promise<ModelFields> => ({
  model_id: null,
  ...(await newModel(text)),
  model_text: '',
})

/** What was typed and left: the model of exactly that name, else a new one. */
async function fieldsOf(text: string): Promise<ModelFields> {
  const known = await modelCalled(text)
  return known ? modelFields(known) : await newModelFields(text)
}

/** Makes a model of what stands in its field, and goes on with the draft as it is then. */
export function useSettledModel(change: ChangeDraft) {
  const settling = useRef('')
  return (draft: IntakeDraft, goOn: (settled: IntakeDraft) => void) => {
    const text = draft.model_text.trim()
    if (text === '' || draft.device) return goOn(draft)
    if (settling.current === text) return
    settling.current = text
    void fieldsOf(text).then((fields) => {
      settling.current = ''
      change((now) => (now.model_text.trim() === text ? fields : {}))
      goOn({ ...draft, ...fields })
    })
  }
}
