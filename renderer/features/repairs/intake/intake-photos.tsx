import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { addPhotos, dropPhoto, readPhotoStore, usePhotosOf } from '../../../photos.ts'
import { AddPhotos, PhotoStrip, PhotoTile } from '../../../ui/photos/photo-tile.tsx'
import { useUser } from '../../../session.ts'
import { UnkeptPhotos } from '../unkept-photos.tsx'
import { withdrawDraft } from './draft-undo.ts'
import classes from './intake.module.css'

/** Where the photos of the intake draft are until it is saved: each person has a draft of their own. */
export const useIntakePhotoPlace = () => `draft.intake.${useUser().id}` as const

/** What the device looks like when it comes in. */
export function IntakePhotos() {
  const { t } = useTranslation('repairs')
  const place = useIntakePhotoPlace()
  const photos = usePhotosOf(place)
  useEffect(() => void readPhotoStore(), [])
  return (
    <section className={`${classes.section} ${classes.photos}`} aria-labelledby="intake-photos">
      <h2 id="intake-photos">{t('photo.title')}</h2>
      <PhotoStrip label={t('photo.title')}>
        {photos.map(({ key, url, kept }, index) => (
          <PhotoTile
            key={key}
            src={url}
            label={kept === 'notYet' ? t('photo.beingKept') : t('photo.numbered', { number: index + 1 })}
            state={kept === 'notYet' ? 'sending' : undefined}
            remove={{ label: t('photo.leaveOutNumbered', { number: index + 1 }), run: () => void dropPhoto(key) }}
          />
        ))}
        <AddPhotos
          label={t('photo.add')}
          onAdd={(files) => {
            withdrawDraft()
            void addPhotos(place, files)
          }}
        />
      </PhotoStrip>
      <UnkeptPhotos photos={photos} />
    </section>
  )
}
