/** What the condition checklist of an intake can say of a part. */
export const CONDITIONS = ['ok', 'worn', 'broken', 'missing', 'untested'] as const
export type Condition = (typeof CONDITIONS)[number]

/** The parts that it asks about. */
export const CONDITION_PARTS = ['screen', 'body', 'buttons', 'ports', 'camera', 'battery', 'sound', 'water'] as const
export type ConditionPart = (typeof CONDITION_PARTS)[number]
