/** What is sent: kept byte for byte under an idempotency key. */
export type Sent = { status: number; headers: Record<string, string | string[]>; body: string | Buffer | null }
