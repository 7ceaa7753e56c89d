import { SegmentedControl } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../query.ts'
import { useMayWork } from '../../session.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { toast } from '../../ui/states/toast.tsx'
import { type ProductOfUnit, setWeb } from './requests.ts'
import classes from './unit.module.css'

const CHOICES = { auto: null, shown: true, hidden: false } as const
type Choice = keyof typeof CHOICES
const NAMES = Object.keys(CHOICES) as Choice[]

/** Whether the web shop shows what a piece is sold as, and why; who works here decides, and takes it back. */
export function InWebShop({ product }: { product: ProductOfUnit }) {
  const { t } = useTranslation('stock')
  const { told, choose } = useChoice(product)
  const mayWork = useMayWork()
  return (
    <div>
      <h3 id="in-web-shop">{t('web.label')}</h3>
      {mayWork && (
        <SegmentedControl
          aria-labelledby="in-web-shop"
          data={NAMES.map((value) => ({ value, label: t(`web.${value}`) }))}
          value={told}
          onChange={(value) => choose(value as Choice)}
        />
      )}
      <p>{t(`web.is.${stateOf(product)}`)}</p>
      {mayWork && (
        <p className={classes.dim}>{t('web.forAll', { product: `${product.title} ${product.condition}` })}</p>
      )}
    </div>
  )
}

function useChoice({ id, web }: ProductOfUnit) {
  const { t } = useTranslation(['stock', 'frame'])
  const explain = useExplain()
  const told = choiceOf(web)
  const telling = useMutation({
    mutationFn: (choice: Choice) => setWeb(id, CHOICES[choice]),
    onSuccess: (_, choice) => {
      const run = () => telling.mutate(told)
      toast(t(`web.saved.${choice}`), choice === told ? {} : { undo: { label: t('frame:action.undo'), run } })
    },
    onError: (error) => void toast(explain(error), { bad: true }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['units'] }),
  })
  return { told: telling.isPending ? telling.variables : told, choose: telling.mutate }
}

const choiceOf = (web: boolean | null): Choice => (web === null ? 'auto' : web ? 'shown' : 'hidden')

/** Why the web shop shows it, or does not. */
function stateOf({ web, on_web, priced }: ProductOfUnit) {
  if (web === false) return 'hidden'
  if (web === true) return priced ? 'told' : 'noPriceShown'
  if (on_web) return 'shown'
  return priced ? 'held' : 'noPrice'
}
