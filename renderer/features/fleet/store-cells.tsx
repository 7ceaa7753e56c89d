import { Link } from 'react-router'
import { useFormat } from '../../ui/format.ts'
import classes from './stores.module.css'

/** A store as the head of its row. */
export function StoreHead({ code, name }: { code: string; name: string }) {
  return (
    <th scope="row">
      {name} <span className={`figures ${classes.dim}`}>{code}</span>
    </th>
  )
}

/** The list of a store's repairs that a number counts; of all stores without one. */
export function Counted({ n, label, show, store }: { n: number; label: string; show: string; store?: number }) {
  const { count } = useFormat()
  const to = `/repairs?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(show)), ...(store && { store: String(store) }) })}`
  return (
    <td>
      {n === 0 ? (
        <span className={`figures ${classes.dim}`}>0</span>
      ) : (
        <Link to={to} className="figures" aria-label={label}>
          {count(n)}
        </Link>
      )}
    </td>
  )
}
