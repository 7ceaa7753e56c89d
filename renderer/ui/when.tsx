import { useFormat } from './format.ts'

/** An instant as people say it; the whole of it on hover. */
export function When({ at }: { at: number }) {
  const format = useFormat()
  return (
    <time className="figures" dateTime={new Date(at).toISOString()} title={format.instant(at)}>
      {format.when(at)}
    </time>
  )
}
