import { Button, FileButton, Input } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconCamera, IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { randomKey } from '../../../intents.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import type { ChangePurchase, PurchaseDraft } from './purchase-draft.ts'
import { keepIdentityPhoto } from './requests.ts'
import classes from './purchase.module.css'

type Props = { request: number; draft: PurchaseDraft; change: ChangePurchase; error: string | undefined }

/** A photo of the document, where the shop's law asks for one. */
export function IdentityPhoto({ request, draft, change, error }: Props) {
  const { t } = useTranslation('trade-ins')
  const explain = useExplain()
  const keep = useMutation({
    mutationFn: (file: File) => keepIdentityPhoto(request, file, randomKey()),
    onSuccess: (photo) => change({ photo }),
  })
  return (
    <Input.Wrapper
      label={t('purchase.field.photo')}
      labelElement="div"
      classNames={{ label: classes.above ?? '' }}
      error={keep.error ? explain(keep.error) : error}
    >
      <FileButton accept="image/*" onChange={(file) => file && keep.mutate(file)}>
        {(props) => (
          <Button
            variant="default"
            loading={keep.isPending}
            data-field="photo"
            leftSection={
              draft.photo === null ? <IconCamera size={18} aria-hidden /> : <IconCheck size={18} aria-hidden />
            }
            {...props}
          >
            {t(draft.photo === null ? 'purchase.takePhoto' : 'purchase.photoTaken')}
          </Button>
        )}
      </FileButton>
    </Input.Wrapper>
  )
}
