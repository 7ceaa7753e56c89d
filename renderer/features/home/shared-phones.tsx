import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { SharedPhones as Shared } from '../../../server/counter/customers/customers.contract.ts'
import { get } from '../../api.ts'
import { useMayWork } from '../../session.ts'
import { Phone } from '../../ui/phone.tsx'
import { toCustomer } from '../../ui/routes.ts'
import classes from './home.module.css'

/** Phone numbers that two people have, who may be one: written in two ways they were taken for two. */
export function SharedPhones() {
  const { t } = useTranslation('home')
  const { data } = useQuery({
    queryKey: ['shared-phones'],
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
          </li>
        ))}
      </ul>
    </section>
  )
}
