import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { offeredPinQuery } from './requests.ts'

/** Fills in a free PIN, which the admin tells its owner; it may be changed. One that was offered before is asked about first. */
export function useOfferedPin(wanted: boolean, fill: (pin: string) => void) {
  const { data, isFetching } = useQuery({ ...offeredPinQuery, enabled: wanted })
  const latestFill = useRef(fill)
  latestFill.current = fill
  const filled = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (!wanted || isFetching || data === undefined || data === filled.current) return
    filled.current = data
    latestFill.current(data)
  }, [wanted, isFetching, data])
}
