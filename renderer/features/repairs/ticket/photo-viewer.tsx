import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../../query.ts'
import { useMayWork } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { PhotoSteps, usePhotoKeys } from '../../../ui/photos/photo-steps.tsx'
import { Picture } from '../../../ui/photos/picture.tsx'
import { When } from '../../../ui/when.tsx'
import classes from './photo-viewer.module.css'
import { photoPath, removePhoto, type Ticket } from '../requests.ts'

type Props = {
  ticket: Ticket
  /** The id of the photo that is looked at; null when none is. */
  shown: number | null
  onShow: (id: number | null) => void
}

/** One photo of a ticket, as large as the screen allows. */
export function PhotoViewer({ ticket, shown, onShow }: Props) {
  const { t } = useTranslation('repairs')
  const at = ticket.photos.findIndex(({ id }) => id === shown)
  const photo = ticket.photos[at]
  const close = () => onShow(null)
  const several = ticket.photos.length > 1
  const step = (by: number) =>
    several && onShow(ticket.photos[(at + by + ticket.photos.length) % ticket.photos.length]!.id)
  const keys = usePhotoKeys(step)
  return (
    <Dialog
      opened={photo !== undefined}
      onClose={close}
      size="xl"
      title={t('photo.numberedOf', { number: at + 1, count: ticket.photos.length })}
      shortcuts={keys}
    >
      {photo && (
        <>
          <Picture
            src={photoPath(ticket.id, photo.id)}
            alt={t('photo.numbered', { number: at + 1 })}
            className={classes.photo}
          />
          <footer className={classes.foot}>
            <span className={classes.by}>
              {photo.taken_by && <>{photo.taken_by} · </>}
              <When at={photo.created_at} />
            </span>
            <RemovePhoto key={photo.id} ticket={ticket} id={photo.id} onRemoved={close} />
            {several && <PhotoSteps step={step} />}
          </footer>
        </>
      )}
    </Dialog>
  )
}

function RemovePhoto({ ticket, id, onRemoved }: { ticket: Ticket; id: number; onRemoved: () => void }) {
  const { t } = useTranslation('repairs')
  const explain = useExplain()
  const mayWork = useMayWork()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => removePhoto(ticket.id, id),
    onSuccess: () => {
      onRemoved()
      void queryClient.invalidateQueries({ queryKey: ['tickets', ticket.id] })
    },
  })
  if (!mayWork) return null
  return (
    <>
      {error && (
        <span role="alert" className={classes.error}>
          {explain(error)}
        </span>
      )}
      <Button
        variant="subtle"
        color="red"
        loading={isPending}
        leftSection={<IconTrash size={18} aria-hidden />}
        onClick={() => mutate()}
      >
        {t('photo.takeOff')}
      </Button>
    </>
  )
}
