import { dialled, showPhone } from '../../server/domain/phone.ts'
import { useShop } from '../session.ts'

type Props = {
  number: string
  /** Whether pressing it dials. */
  call?: boolean
  className?: string | undefined
}

/** A phone number, everywhere as people of the shop's country write it. */
export function Phone({ number, call = false, className = '' }: Props) {
  const country = useShop()?.country ?? null
  const shown = showPhone(number, country)
  if (call)
    return (
      <a href={dialled(number, country)} dir="ltr" className={`${className} figures whole`}>
        {shown}
      </a>
    )
  return (
    <bdi dir="ltr" className={`${className} figures whole`}>
      {shown}
    </bdi>
  )
}

/** How somebody is reached, on one line. */
export function Contacts({ phone, email }: { phone: string | null; email: string | null }) {
  return (
    <>
      {phone && <Phone number={phone} />}
      {phone && email && ' · '}
      {email && <bdi>{email}</bdi>}
    </>
  )
}
