import { Alert, Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addPhotos, dropPhoto, retryPhoto, usePhotosOf, type WaitingPhoto } from '../../../photos.ts'
import { useMayWork } from '../../../session.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { AddPhotosButton, PhotoStrip, PhotoTile } from '../../../ui/photos/photo-tile.tsx'
import { initials } from '../../../ui/marks/initials.ts'
import { When } from '../../../ui/when.tsx'
import { PhotoViewer } from './photo-viewer.tsx'
import { photoPath, type Ticket } from '../requests.ts'
import { Section } from './section.tsx'
import { UnkeptPhotos } from '../unkept-photos.tsx'
import classes from './ticket.module.css'

/** Photos from intake and from the repair; those still being uploaded are shown among them. */
export function TicketPhotos({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const mayWork = useMayWork()
  const [shown, show] = useState<number | null>(null)
  const place = `ticket.${ticket.id}` as const
  const waiting = usePhotosOf(place)
  const refused = waiting.filter((photo) => photo.refused !== null)
  const underWay = waiting.filter((photo) => photo.refused === null)
  const safe = underWay.filter(({ kept }) => kept === 'kept')
  if (!mayWork && ticket.photos.length === 0) return null
  return (
    <Section
      title={t('photo.title')}
      action={mayWork && <AddPhotosButton label={t('photo.add')} onAdd={(files) => void addPhotos(place, files)} />}
    >
      <PhotoStrip label={t('photo.title')} large={ticket.photos.length + waiting.length <= 3 ? 'tall' : 'square'}>
        {ticket.photos.map(({ id, taken_by, created_at }, index) => (
          <PhotoTile
            key={id}
            src={photoPath(ticket.id, id, 'thumbnail')}
            label={t('photo.numbered', { number: index + 1 })}
            caption={
              <>
                {taken_by && <>{initials(taken_by)} · </>}
                <When at={created_at} />
              </>
            }
            onOpen={() => show(id)}
          />
        ))}
        {waiting.map(({ key, url, refused: why }) => (
          <PhotoTile key={key} src={url} label={t('photo.uploadingOne')} state={why ? 'refused' : 'sending'} />
        ))}
      </PhotoStrip>
      {safe.length > 0 && (
        <p className={classes.dim} role="status">
          {t('photo.uploading', { count: safe.length })}
        </p>
      )}
      <UnkeptPhotos photos={underWay} />
      {refused.map((photo) => (
        <RefusedPhoto key={photo.key} photo={photo} />
      ))}
      <PhotoViewer ticket={ticket} shown={shown} onShow={show} />
    </Section>
  )
}

/** Why the server does not want a photo, and what can be done about it. */
function RefusedPhoto({ photo }: { photo: WaitingPhoto }) {
  const { t } = useTranslation('repairs')
  const explain = useExplain()
  return (
    <Alert color="red" role="alert" py={6}>
      <span>{explain(photo.refused)}</span>
      <span className={classes.passcode}>
        <Button size="compact-sm" variant="default" onClick={() => retryPhoto(photo.key)}>
          {t('photo.retry')}
        </Button>
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => void dropPhoto(photo.key)}>
          {t('photo.leaveOut')}
        </Button>
      </span>
    </Alert>
  )
}
