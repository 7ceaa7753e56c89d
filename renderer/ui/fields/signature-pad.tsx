import { Button } from '@mantine/core'
import { useEffect, useRef, type PointerEvent } from 'react'
import classes from './signature-pad.module.css'

const WIDTH = 600
const HEIGHT = 200
/** Points closer than this say nothing more, in units of the drawing. */
const MIN_POINT_DISTANCE = 2
/** The server keeps paths of up to 20,000 characters. */
const MAX_PATH_LENGTH = 19_900

type Props = {
  words: { label: string; hint: string; clear: string }
  path: string
  onPath: (path: string) => void
}

/** A signature by finger, pen or mouse, as the path of an SVG of 600 by 200. */
export function SignaturePad({ words, path, onPath }: Props) {
  const pen = usePen(path, onPath)
  const surface = useNoFling()
  return (
    <div className={classes.pad}>
      <svg
        ref={surface}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={classes.surface}
        role="img"
        aria-label={words.label}
        onPointerDown={pen.down}
        onPointerMove={pen.move}
        onPointerUp={pen.up}
        onPointerCancel={pen.up}
      >
        <line x1={24} x2={WIDTH - 24} y1={156} y2={156} className={classes.line} />
        {path === '' && (
          <text x={WIDTH / 2} y={148} textAnchor="middle" className={classes.hint}>
            {words.hint}
          </text>
        )}
        <path d={path === '' ? 'M0 0' : path} className={classes.ink} />
      </svg>
      {path !== '' && (
        <Button variant="subtle" color="gray" size="compact-sm" className={classes.clear} onClick={() => onPath('')}>
          {words.clear}
        </Button>
      )}
    </div>
  )
}

/**
 * A finger that leaves the pad in full swing throws nothing: else the browser takes the next tap, the one that pays, for the
 * hand that stops it. React listens to touches too late to say so.
 */
function useNoFling() {
  const surface = useRef<SVGSVGElement>(null)
  useEffect(() => {
    const { current } = surface
    const hold = (event: TouchEvent) => event.preventDefault()
    current?.addEventListener('touchstart', hold, { passive: false })
    return () => current?.removeEventListener('touchstart', hold)
  }, [])
  return surface
}

function usePen(path: string, onPath: (path: string) => void) {
  const last = useRef<{ x: number; y: number } | null>(null)
  const drawn = useRef(path)
  drawn.current = path
  const draw = (event: PointerEvent<SVGSVGElement>, starts: boolean) => {
    const point = pointOf(event)
    const { current: from } = last
    if (!starts && from && Math.hypot(point.x - from.x, point.y - from.y) < MIN_POINT_DISTANCE) return
    if (drawn.current.length > MAX_PATH_LENGTH) return
    // A dot is a line of no length.
    const stroke = starts ? `M${point.x} ${point.y} L${point.x} ${point.y}` : `L${point.x} ${point.y}`
    last.current = point
    drawn.current = drawn.current === '' ? stroke : `${drawn.current} ${stroke}`
    onPath(drawn.current)
  }
  return {
    down: (event: PointerEvent<SVGSVGElement>) => {
      event.preventDefault()
      event.currentTarget.setPointerCapture(event.pointerId)
      draw(event, true)
    },
    move: (event: PointerEvent<SVGSVGElement>) => last.current && draw(event, false),
    up: () => (last.current = null),
  }
}

function pointOf({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>) {
  const { left, top, width, height } = currentTarget.getBoundingClientRect()
  const within = (at: number, size: number, max: number) => Math.max(0, Math.min(max, Math.round((at / size) * max)))
  return { x: within(clientX - left, width, WIDTH), y: within(clientY - top, height, HEIGHT) }
}
