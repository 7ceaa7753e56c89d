import { ActionIcon, Button, FileButton, type FileButtonProps, Loader } from '@mantine/core'
import { IconAlertTriangle, IconCamera, IconX } from '@tabler/icons-react'
import { type ReactNode, useRef } from 'react'
import classes from './photo-tile.module.css'
import { Picture } from './picture.tsx'

/** `large`: as large as their place allows; few of them stand upright. */
type StripProps = { label: string; large?: 'tall' | 'square'; children: ReactNode }

/** Photos beside each other, with the button that adds some. */
export function PhotoStrip({ label, large, children }: StripProps) {
  return (
    <ul className={classes.strip} data-large={large} aria-label={label}>
      {children}
    </ul>
  )
}

type TileProps = {
  src: string
  label: string
  state?: 'sending' | 'refused' | undefined
  /** Stands on it: who took it, and when. */
  caption?: ReactNode
  /** Looks at it closely. */
  onOpen?: (() => void) | undefined
  remove?: { label: string; run: () => void } | undefined
}

export function PhotoTile({ src, label, state, caption, onOpen, remove }: TileProps) {
  const image = <Picture src={src} alt={onOpen ? '' : label} loading="lazy" className={classes.image} />
  return (
    <li className={classes.tile} data-state={state}>
      {onOpen ? (
        <button type="button" className={classes.open} aria-label={label} onClick={onOpen}>
          {image}
        </button>
      ) : (
        image
      )}
      {caption && <span className={classes.caption}>{caption}</span>}
      {state === 'sending' && <Loader size={20} className={classes.mark} aria-hidden />}
      {state === 'refused' && <IconAlertTriangle size={20} className={classes.mark} aria-hidden />}
      {remove && (
        <ActionIcon
          variant="filled"
          color="dark"
          size={24}
          radius="xl"
          className={classes.remove}
          aria-label={remove.label}
          onClick={remove.run}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      )}
    </li>
  )
}

type AddProps = { label: string; onAdd: (files: File[]) => void }

/** Asks for photos; the same ones may be chosen again. On a tablet the system asks whether to take a photo or to choose one. */
function ChoosePhotos({ onAdd, children }: Pick<AddProps, 'onAdd'> & Pick<FileButtonProps, 'children'>) {
  const reset = useRef<() => void>(null)
  return (
    <FileButton
      multiple
      accept="image/*"
      resetRef={reset}
      onChange={(files: File[]) => {
        onAdd(files)
        reset.current?.()
      }}
    >
      {children}
    </FileButton>
  )
}

/** A button in the heading of the photos. */
export const AddPhotosButton = ({ label, onAdd }: AddProps) => (
  <ChoosePhotos onAdd={onAdd}>
    {(props) => (
      <Button variant="subtle" size="compact-sm" leftSection={<IconCamera size={16} aria-hidden />} {...props}>
        {label}
      </Button>
    )}
  </ChoosePhotos>
)

/** A tile among the photos. */
export const AddPhotos = ({ label, onAdd }: AddProps) => (
  <li className={classes.tile}>
    <ChoosePhotos onAdd={onAdd}>
      {(props) => (
        <button type="button" className={classes.add} {...props}>
          <IconCamera size={22} stroke={1.6} aria-hidden />
          {label}
        </button>
      )}
    </ChoosePhotos>
  </li>
)
