import { Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Key } from '../scanner/key.tsx'
import type { Shortcut } from '../scanner/shortcuts.ts'

/** The keys that go from one photo to the next; `step` goes so many on, around the end. */
export function usePhotoKeys(step: (by: number) => void): Shortcut[] {
  const { t } = useTranslation()
  return [
    { keys: 'ArrowLeft', label: t('photo.previous'), run: () => step(-1) },
    { keys: 'ArrowRight', label: t('photo.next'), run: () => step(1) },
  ]
}

/** The buttons that do the same. */
export function PhotoSteps({ step }: { step: (by: number) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconChevronLeft size={18} aria-hidden />}
        rightSection={<Key of="ArrowLeft" />}
        onClick={() => step(-1)}
      >
        {t('photo.previous')}
      </Button>
      <Button
        variant="default"
        leftSection={<Key of="ArrowRight" />}
        rightSection={<IconChevronRight size={18} aria-hidden />}
        onClick={() => step(1)}
      >
        {t('photo.next')}
      </Button>
    </>
  )
}
