/** The steps of a device that a customer offers us: asked for, fetched, looked at, and our offer's fate. */
export const PICKUP_STATUSES = ['requested', 'collected', 'evaluating', 'offered', 'accepted', 'rejected'] as const
export type PickupStatus = (typeof PICKUP_STATUSES)[number]
