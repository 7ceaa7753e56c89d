import type { Catalogue, ModelMatches } from '../../server/counter/repairs/catalogue.contract.ts'
import type {
  CustomerCard,
  CustomerMatches,
  DeviceCard,
  DeviceLookup,
} from '../../server/counter/customers/customers.contract.ts'
import { get, post, type Wire } from '../api.ts'

/** What screens at the desk ask of the server about customers, devices and models, by its name there. */

export type Customer = Wire<typeof CustomerCard>
export type CustomerMatch = Wire<typeof CustomerMatches>[number]
export type FoundDevice = NonNullable<Wire<typeof DeviceLookup>['device']>
export type ModelMatch = Wire<typeof ModelMatches>[number]

const fetchCatalogue = () => get<typeof Catalogue>('/counter/catalogue')
export const catalogueQuery = { queryKey: ['catalogue'], queryFn: fetchCatalogue, staleTime: 60_000 }
export const findModels = (q: string, limit: number, signal?: AbortSignal) =>
  get<typeof ModelMatches>('/counter/models', { query: { q, limit }, ...(signal && { signal }) })
export const findCustomers = (q: string, signal?: AbortSignal) =>
  get<typeof CustomerMatches>('/counter/customers', { query: { q, limit: 6 }, ...(signal && { signal }) })
const fetchCustomer = (id: number) => get<typeof CustomerCard>(`/counter/customers/${id}`)
export const customerQuery = (id: number) => ({
  queryKey: ['customers', 'card', id],
  queryFn: () => fetchCustomer(id),
})
/** The account that they registered online is theirs. */
export const confirmCustomer = (id: number) => post<typeof CustomerCard>(`/counter/customers/${id}/confirmation`)
export const fetchDevice = (id: number) => get<typeof DeviceCard>(`/counter/devices/${id}`)
const lookUpDevice = (serial: string) => get<typeof DeviceLookup>('/counter/devices', { query: { serial } })
export const deviceQuery = (serial: string) => ({
  queryKey: ['devices', 'lookup', serial],
  queryFn: () => lookUpDevice(serial),
  staleTime: 2_000,
})
/** By its id: not every device has a number, or an owner whose card shows it. */
export const deviceCardQuery = (id: number) => ({ queryKey: ['devices', id], queryFn: () => fetchDevice(id) })
