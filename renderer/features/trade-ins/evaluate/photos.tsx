import { Alert, Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { addPhotos, dropPhoto, readPhotoStore, retryPhoto, usePhotosOf, type WaitingPhoto } from '../../../photos.ts'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { AddPhotos, PhotoStrip, PhotoTile } from '../../../ui/photos/photo-tile.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { type BuyIn, photoPath, removePhoto, tradeInQuery } from './requests.ts'
import classes from './evaluate.module.css'

export const photosPlace = (id: string) => `buy-in.${id}` as const

/** What the device looks like: as its owner sent it, and as it is here. Each is sent as soon as it is taken. */
export function Photos({ draft: { id, pickup_id, photos } }: { draft: BuyIn }) {
  const { t } = useTranslation('trade-ins')
  const explain = useExplain()
  const place = photosPlace(id)
  const waiting = usePhotosOf(place)
  const { data: request } = useQuery({ ...tradeInQuery(pickup_id ?? 0), enabled: pickup_id !== null })
  const removing = useMutation({
    mutationFn: (photo_id: number) => removePhoto(id, photo_id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['buy-ins', id] }),
    onError: (error) => void toast(explain(error), { bad: true }),
  })
  useEffect(() => void readPhotoStore(), [])
  return (
    <section aria-label={t('evaluate.photos')} className={classes.photos}>
      <PhotoStrip label={t('evaluate.photos')}>
        {request?.photos.map((src, index) => (
          <PhotoTile key={src} src={src} label={t('evaluate.photoOfOwner', { number: index + 1 })} />
        ))}
        {photos.map(({ id: photo_id }, index) => (
          <PhotoTile
            key={photo_id}
            src={photoPath(id, photo_id, 'thumbnail')}
            label={t('evaluate.photoNumbered', { number: index + 1 })}
            remove={{ label: t('evaluate.leavePhotoOut', { number: index + 1 }), run: () => removing.mutate(photo_id) }}
          />
        ))}
        {waiting.map(({ key, url, refused }) => (
          <PhotoTile key={key} src={url} label={t('evaluate.photoOnItsWay')} state={refused ? 'refused' : 'sending'} />
        ))}
        <AddPhotos label={t('evaluate.addPhotos')} onAdd={(files) => void addPhotos(place, files)} />
      </PhotoStrip>
      {waiting.some(({ kept }) => kept === 'cannot') && (
        <p role="alert" className={classes.amber}>
          {t('evaluate.photosNotKept')}
        </p>
      )}
      {waiting.map((photo) => photo.refused && <Refused key={photo.key} photo={photo} />)}
    </section>
  )
}

/** Why the server does not want a photo, and what can be done about it. */
function Refused({ photo }: { photo: WaitingPhoto }) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const explain = useExplain()
  return (
    <Alert color="red" role="alert" py={6}>
      {explain(photo.refused)}{' '}
      <Button size="compact-sm" variant="default" onClick={() => retryPhoto(photo.key)}>
        {t('frame:action.retry')}
      </Button>{' '}
      <Button size="compact-sm" variant="subtle" color="red" onClick={() => void dropPhoto(photo.key)}>
        {t('evaluate.leaveOut')}
      </Button>
    </Alert>
  )
}
