/**
 * How far a machine is that becomes a terminal of head office. `heard` counts transactions; `failed` says by which code of a
 * refusal, or by none where the reason is in the log.
 */
export type JoinState = { step: JoinStep; heard: number; failed: string | null }

export const JOIN_STEPS = ['asking', 'hearing', 'checking', 'placing', 'failed'] as const
export type JoinStep = (typeof JOIN_STEPS)[number]
