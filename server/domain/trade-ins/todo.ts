/**
 * What a request of a device that somebody offers us waits for, as the counter's list has it: to be collected, looked at,
 * answered by its owner, paid, or given back because nobody buys it.
 */
export const PICKUP_TODOS = ['collect', 'evaluate', 'answer', 'pay', 'give-back'] as const
export type PickupTodo = (typeof PICKUP_TODOS)[number]
