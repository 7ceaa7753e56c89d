import { IconPhotoOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isThere } from '../../api.ts'
import { useExplain } from '../fields/use-field-errors.ts'
import classes from './picture.module.css'

/** `small`: there is no room for words beside it; they are told when somebody points at it. */
type PictureProps = { src: string; alt: string; className?: string | undefined; loading?: 'lazy'; small?: boolean }

/**
 * A picture of the server's. Where it has none, as long as another machine has not sent it, the words say so in its place; it appears
 * by itself when it is there.
 */
export function Picture({ src, alt, className, loading, small = false }: PictureProps) {
  const { t } = useTranslation('refusals')
  const explain = useExplain()
  /** Which one could not be shown, and whether the server had it then: it holds nothing that can be shown. */
  const [missing, setMissing] = useState<{ src: string; isBroken: boolean } | null>(null)
  const wasThere = useRef<string | null>(null)
  const isMissing = missing?.src === src
  const isBroken = isMissing && missing.isBroken
  // Asked again with each photo that arrives (`live.ts`).
  const { error } = useQuery({
    queryKey: ['photos', src],
    queryFn: async () => {
      await isThere(src)
      wasThere.current = src
      setMissing(null)
      return true
    },
    enabled: isMissing && !isBroken,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  if (!isMissing)
    return (
      <img
        src={src}
        alt={alt}
        loading={loading}
        className={className}
        onLoad={() => void (wasThere.current = null)}
        onError={() => setMissing({ src, isBroken: wasThere.current === src || src.startsWith('blob:') })}
      />
    )
  const words = isBroken ? t('photo-not-found') : error ? explain(error) : ''
  return (
    <span
      className={`${classes.missing} ${className ?? ''}`}
      role="img"
      aria-label={`${alt} ${words}`.trim()}
      title={words}
    >
      <IconPhotoOff size={small ? 18 : 22} stroke={1.4} aria-hidden />
      {!small && <span aria-hidden>{words}</span>}
    </span>
  )
}
