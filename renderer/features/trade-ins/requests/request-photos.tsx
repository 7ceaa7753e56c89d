import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { PhotoSteps, usePhotoKeys } from '../../../ui/photos/photo-steps.tsx'
import { Picture } from '../../../ui/photos/picture.tsx'
import classes from './requests.module.css'

/** The photos of a request: the first one large, each to be looked at closely. */
export function RequestPhotos({ photos }: { photos: readonly string[] }) {
  const { t } = useTranslation('trade-ins')
  const [shown, show] = useState<number | null>(null)
  if (photos.length === 0) return null
  return (
    <>
      <ul className={classes.photos} aria-label={t('requests.photos')}>
        {photos.map((src, index) => (
          <li key={src}>
            <button type="button" aria-label={t('requests.photo', { number: index + 1 })} onClick={() => show(index)}>
              <Picture src={src} alt="" />
            </button>
          </li>
        ))}
      </ul>
      <Viewer photos={photos} shown={shown} onShow={show} />
    </>
  )
}

type ViewerProps = { photos: readonly string[]; shown: number | null; onShow: (index: number | null) => void }

function Viewer({ photos, shown, onShow }: ViewerProps) {
  const { t } = useTranslation('trade-ins')
  const step = (by: number) => onShow(((shown ?? 0) + by + photos.length) % photos.length)
  const keys = usePhotoKeys(step)
  return (
    <Dialog
      opened={shown !== null}
      onClose={() => onShow(null)}
      size="xl"
      title={t('requests.photoOf', { number: (shown ?? 0) + 1, count: photos.length })}
      shortcuts={keys}
    >
      {shown !== null && (
        <>
          <Picture src={photos[shown]!} alt={t('requests.photo', { number: shown + 1 })} className={classes.large} />
          {photos.length > 1 && (
            <div className={classes.buttons}>
              <PhotoSteps step={step} />
            </div>
          )}
        </>
      )}
    </Dialog>
  )
}
