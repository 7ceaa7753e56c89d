import { useFormat } from './format.ts'

/** An instant as people say it; the whole of it on hover. `withTime` says the hour of another day too. */
export function When({ at, withTime = false }: { at: number; withTime?: boolean }) {
  const format = useFormat()
  return (
    <time className="figures" dateTime={new Date(at).toISOString()} title={format.instant(at)}>
      {withTime ? format.whenAndTime(at) : format.when(at)}
    </time>
  )
}
