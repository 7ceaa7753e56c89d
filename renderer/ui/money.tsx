import { useFormat } from './format.ts'

/** An amount in figures that stand in columns. */
export function Money({ cents }: { cents: number }) {
  return <span className="figures">{useFormat().cents(cents)}</span>
}
