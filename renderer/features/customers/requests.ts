import type {
  ActivationCode,
  CustomerCard,
  CustomerChange,
  DeviceCard,
} from '../../../server/counter/customers/customers.contract.ts'
import type { DeviceEvent, DeviceTimeline } from '../../../server/counter/customers/device-timeline.contract.ts'
import { get, patch, post, type Wire } from '../../api.ts'

/** Everything that the screens of customers and devices ask of the server. */

export type CustomerData = Wire<typeof CustomerCard>
export type CustomerChanges = Wire<typeof CustomerChange>
export type KnownDevice = Wire<typeof DeviceCard>
export type DeviceEventData = Wire<typeof DeviceEvent>

export const customerQuery = (id: number) => ({
  queryKey: ['customers', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<typeof CustomerCard>(`/counter/customers/${id}`, { signal }),
})
export const changeCustomer = (id: number, change: CustomerChanges) =>
  patch<typeof CustomerCard, typeof CustomerChange>(`/counter/customers/${id}`, change)
export const confirmCustomer = (id: number) => post<typeof CustomerCard>(`/counter/customers/${id}/confirmation`)
/** Replaces earlier codes of this customer. */
export const makeActivationCode = (id: number) =>
  post<typeof ActivationCode>(`/counter/customers/${id}/claim-code`, undefined, { keyed: false })

export const deviceQuery = (id: number) => ({
  queryKey: ['devices', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<typeof DeviceCard>(`/counter/devices/${id}`, { signal }),
})
export const deviceTimelineQuery = (id: number) => ({
  queryKey: ['devices', id, 'timeline'],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<typeof DeviceTimeline>(`/counter/devices/${id}/timeline`, { signal }),
})
