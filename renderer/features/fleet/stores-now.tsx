import { Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { serverNow } from '../../server-clock.ts'
import { useFormat } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { toAside } from '../../ui/routes.ts'
import { When } from '../../ui/when.tsx'
import table from '../../ui/plain-table.module.css'
import states from './fleet.module.css'
import type { Stores } from './requests.ts'
import { Counted, StoreHead } from './store-cells.tsx'
import classes from './stores.module.css'
import { SILENT_AFTER_MS, type TerminalState } from './terminal-state.ts'

type Figures = Stores['total']
type Store = Stores['stores'][number]

/** The repairs that a column counts, as the list's address says it. */
const COUNTED = [
  ['open', ''],
  ['repairing', 'status=Repairing'],
  ['overdue', 'show=overdue'],
  ['ready', 'show=ready'],
] as const

/** What is to be done at each store now, what lies there, and when its terminals were heard. */
export function StoresNow({ stores: { stores, total } }: { stores: Stores }) {
  const { t } = useTranslation('fleet')
  return (
    <section className={classes.box} aria-labelledby="stores-now">
      <Title order={2} id="stores-now">
        {t('stores.now')}
      </Title>
      <div className={classes.scroll} data-scrolls tabIndex={0} role="group" aria-labelledby="stores-now">
        <table className={`${table.table} ${classes.figures}`}>
          <thead>
            <tr>
              <th scope="col">{t('store')}</th>
              {COUNTED.map(([figure]) => (
                <th key={figure} scope="col">
                  {t(`stores.${figure}`)}
                </th>
              ))}
              <th scope="col">{t('stores.owed')}</th>
              <th scope="col">{t('stores.stock')}</th>
              <th scope="col">{t('stores.units')}</th>
              <th scope="col" data-words>
                {t('stores.line')}
              </th>
            </tr>
          </thead>
          <tbody>
            {stores.map((store) => (
              <tr key={store.id}>
                <StoreHead code={store.code} name={store.name} />
                <NowCells figures={store} name={store.name} store={store.id} />
                <td data-words>
                  <Standing store={store} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('stores.total')}</th>
              <NowCells figures={total} name={t('stores.total')} />
              <td data-words>{t('stores.waiting', { count: total.waiting })}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

function NowCells({ figures, name, store }: { figures: Figures; name: string; store?: number }) {
  const { t } = useTranslation('fleet')
  const { count, cents } = useFormat()
  const of = store === undefined ? {} : { store }
  const labelOf = (figure: string, n: string) => t('stores.figureOf', { name, figure, n })
  return (
    <>
      {COUNTED.map(([figure, show]) => (
        <Counted
          key={figure}
          n={figures[figure]}
          show={show}
          label={labelOf(t(`stores.${figure}`), count(figures[figure]))}
          {...of}
        />
      ))}
      <td>
        {figures.owed === 0 ? (
          <Money cents={0} />
        ) : (
          <Link
            to={`/repairs?show=owed${store === undefined ? '' : `&store=${store}`}`}
            className="figures"
            aria-label={labelOf(t('stores.owed'), cents(figures.owed_cents))}
          >
            {cents(figures.owed_cents)}
          </Link>
        )}
      </td>
      <td>
        <Money cents={figures.stock_cents} /> <span className={classes.dim}>({count(figures.pieces)})</span>
      </td>
      <td>
        <Money cents={figures.units_cost_cents} /> <span className={classes.dim}>({count(figures.units)})</span>
      </td>
    </>
  )
}

/** Of its terminals the one that is worst off. */
function stateOf({ terminals, heard_at, waiting, troubles }: Store, now: number): TerminalState {
  if (terminals === 0) return 'headOffice'
  if (heard_at === null) return 'neverHeard'
  if (now - heard_at > SILENT_AFTER_MS) return 'silent'
  if (troubles > 0) return 'aside'
  return waiting > 0 ? 'sending' : 'inStep'
}

function Standing({ store }: { store: Store }) {
  const { t } = useTranslation('fleet')
  const state = stateOf(store, serverNow())
  if (state === 'headOffice') return <span className={classes.dim}>{t('stores.noTerminal')}</span>
  return (
    <span className={states.state} data-state={state}>
      <span className={states.dot} aria-hidden />
      {state === 'aside' ? <Link to={toAside('waiting')}>{t('states.aside')}</Link> : t(`states.${state}`)}
      {state === 'silent' && store.heard_at !== null && <When at={store.heard_at} />}
      {store.waiting > 0 && ` · ${t('stores.waiting', { count: store.waiting })}`}
    </span>
  )
}
