import { useMixedStores } from '../../session.ts'
import classes from './store-code.module.css'

/**
 * Whose a row is, where those of several stores are mixed and its number does not say it. Nothing in a shop of its own.
 */
export function StoreCode({ store_id, number = '' }: { store_id: number; number?: string }) {
  const code = useMixedStores().find(({ id }) => id === store_id)?.code
  if (code === undefined || number.startsWith(`${code}-`)) return null
  return <span className={classes.code}>{code}</span>
}
