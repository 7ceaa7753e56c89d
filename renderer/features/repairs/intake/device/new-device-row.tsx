import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { joined } from '../../../../isolated.ts'
import { Key } from '../../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../../ui/scanner/shortcuts.ts'
import { deviceTypeName } from '../../../../ui/starter-names.ts'
import { catalogueQuery } from '../../../../desk/requests.ts'
import { focusStep } from '../focus-order.ts'
import type { ChangeDraft, IntakeDraft } from '../intake-draft.ts'
import found from '../../../../desk/suggestions.module.css'
import { unsettledModel } from './find-model.ts'
import { NumberState } from '../../../../desk/number-state.tsx'
import { deviceName } from '../../../../../server/domain/text/device-name.ts'

type Props = { draft: IntakeDraft; change: ChangeDraft; unfold: () => void }

/** A device that is new here, in one row: model, number and kind. */
export function NewDeviceRow({ draft, change, unfold }: Props) {
  const { t } = useTranslation('intake')
  const { data: catalogue } = useQuery(catalogueQuery)
  const kind = catalogue?.types.find(({ id }) => id === draft.type_id)?.name
  const serial = draft.serial.trim()
  const edit = () => {
    if (draft.model_id !== null) change(unsettledModel(draft))
    unfold()
    focusStep(serial === '' ? 'serial' : 'model')
  }
  useShortcuts([{ keys: 'alt+v', label: `${t('change')}: ${t('device')}`, run: edit }])
  return (
    <div className={found.row}>
      <div className={found.grow}>
        <div className={found.titleLine}>
          <strong>
            <bdi>{deviceName(draft)}</bdi>
          </strong>
          <bdi className={`${found.dim} figures`}>{serial === '' ? t('noSerial') : serial}</bdi>
          <NumberState serial={serial} />
        </div>
        <div className={`${found.dim} ${found.cut}`}>
          {joined(t('earlierRepairs', { count: 0 }), kind && deviceTypeName(kind))}
        </div>
      </div>
      <Button variant="subtle" size="compact-sm" onClick={edit} rightSection={<Key of="alt+v" />}>
        {t('change')}
      </Button>
    </div>
  )
}
