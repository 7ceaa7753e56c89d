import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { SharedPhone, SharedPhones as Shared } from '../../../server/counter/customers/customers.contract.ts'
import { get, put } from '../../api.ts'
import { useMayWork } from '../../session.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { Phone } from '../../ui/phone.tsx'
import { toCustomer } from '../../ui/routes.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './home.module.css'

const KEY = ['shared-phones']

/** Phone numbers that two people have, who may be one: written in two ways they were taken for two. */
export function SharedPhones() {
  const { t } = useTranslation('home')
  const tellApart = useTellApart()
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<typeof Shared>('/counter/shared-phones', { signal }),
    enabled: useMayWork(),
    staleTime: 300_000,
  })
  if (!data || data.length === 0) return null
  return (
    <section className={classes.shared} aria-labelledby="shared-phones">
      <h2 id="shared-phones">{t('sharedPhones.title', { count: data.length })}</h2>
      <p>{t('sharedPhones.hint')}</p>
      <ul>
        {data.map((people) => (
          <li key={people[0]?.id}>
            {people[0]?.phone && <Phone number={people[0].phone} />}
            {people.map(({ id, full_name, works_here }) => (
              <span key={id}>
                {works_here ? (
                  t('sharedPhones.worksHere', { name: full_name })
                ) : (
                  <Link to={toCustomer(id)}>{full_name || t('sharedPhones.noName')}</Link>
                )}
              </span>
            ))}
            <Button size="compact-sm" variant="default" onClick={() => people[0] && tellApart(people[0].id, true)}>
              {t('sharedPhones.differ')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Says that they are different people: their line goes, and comes back where that is taken back. */
function useTellApart() {
  const { t } = useTranslation(['home', 'frame'])
  const explain = useExplain()
  const queries = useQueryClient()
  const telling = useMutation({
    mutationFn: ({ id, apart }: { id: number; apart: boolean }) =>
      put<typeof Shared, typeof SharedPhone>(`/counter/shared-phones/${id}`, { different_people: apart }),
    onSuccess: (left, { id, apart }) => {
      queries.setQueryData(KEY, left)
      if (!apart) return
      const undo = { label: t('frame:action.undo'), run: () => telling.mutate({ id, apart: false }) }
      toast(t('sharedPhones.noted'), { undo })
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (id: number, apart: boolean) => telling.mutate({ id, apart })
}
