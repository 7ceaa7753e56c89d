import { useTranslation } from 'react-i18next'
import type { WaitingPhoto } from '../../photos.ts'
import classes from './unkept-photos.module.css'

/** Says how many photos this device cannot keep: they are gone with the page. */
export function UnkeptPhotos({ photos }: { photos: readonly WaitingPhoto[] }) {
  const { t } = useTranslation('repairs')
  const count = photos.filter(({ kept }) => kept === 'cannot').length
  if (count === 0) return null
  return (
    <p className={classes.unkept} role="alert">
      {t('photo.unkept', { count })}
    </p>
  )
}
