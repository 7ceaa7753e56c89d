import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconEye, IconPhoto } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Dialog } from '../../../ui/dialog.tsx'
import { useFormat } from '../../../ui/format.ts'
import { Fact } from '../../../ui/context-panel.tsx'
import { toCustomer } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { Picture } from '../../../ui/photos/picture.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { documentPhotoOf, type PurchaseData, type PurchaseFactsData, purchaseQuery } from '../purchase/requests.ts'
import { spokenDay } from '../purchase/seller-dates.ts'
import classes from './document.module.css'

/** Who sold it: a name, and what the law wants kept for whoever asks for it. */
export function WhoSold({ purchase }: { purchase: PurchaseFactsData }) {
  const { t } = useTranslation('trade-ins')
  const [asked, ask] = useState(false)
  const { id, customer_id, customer, papers_kept } = purchase
  return (
    <section className={classes.section} aria-labelledby="who-sold">
      <h2 id="who-sold">{t('document.seller')}</h2>
      <p className={classes.name}>
        {customer_id === null ? '–' : <Link to={toCustomer(customer_id)}>{customer || '–'}</Link>}
      </p>
      {!papers_kept ? (
        <p className={classes.dim}>{t('document.papers.erased')}</p>
      ) : asked ? (
        <SellerPapers id={id} />
      ) : (
        <AskForPapers onAsk={() => ask(true)} />
      )}
    </section>
  )
}

/** Nobody’s identity is on the screen, where the next customer may read it, before somebody wants to see it. */
function AskForPapers({ onAsk }: { onAsk: () => void }) {
  const { t } = useTranslation('trade-ins')
  useShortcuts([{ keys: 'alt+i', label: t('document.papers.show'), run: onAsk }])
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconEye size={18} aria-hidden />}
        rightSection={<Key of="alt+i" />}
        onClick={onAsk}
      >
        {t('document.papers.show')}
      </Button>
      <p className={classes.dim}>{t('document.papers.noted')}</p>
    </>
  )
}

function SellerPapers({ id }: { id: number }) {
  const { data: purchase, error, refetch } = useQuery(purchaseQuery(id))
  if (!purchase) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={6} />
  return (
    <>
      {purchase.identity && <Identity identity={purchase.identity} purchase={id} />}
      <Accounts legs={purchase.legs} />
      {purchase.declaration && <Declared declaration={purchase.declaration} />}
    </>
  )
}

const KNOWN_DOCUMENTS = ['id-card', 'passport', 'driving-licence'] as const

type IdentityData = NonNullable<PurchaseData['identity']>

function Identity({ identity, purchase }: { identity: IdentityData; purchase: number }) {
  const { t } = useTranslation('trade-ins')
  const { dateLocale } = useFormat()
  const day = (iso: string) => spokenDay(iso, dateLocale)
  const { kind, name, document_kind, number, issuer, valid_until, born, address, photo_id } = identity
  const document = KNOWN_DOCUMENTS.find((known) => known === document_kind)
  return (
    <>
      <dl className={classes.facts}>
        <Fact label={t('purchase.field.name')}>{name}</Fact>
        <Fact label={t('purchase.kindOf')}>{kind && t(`purchase.kind.${kind}`)}</Fact>
        <Fact label={t('purchase.field.document_kind')}>
          {document ? t(`purchase.document.${document}`) : document_kind}
        </Fact>
        <Fact label={t('purchase.field.number')}>{number}</Fact>
        <Fact label={t('purchase.field.issuer')}>{issuer}</Fact>
        <Fact label={t('purchase.field.valid_until')}>{valid_until && day(valid_until)}</Fact>
        <Fact label={t('purchase.field.born')}>{born && day(born)}</Fact>
        <Fact label={t('purchase.field.address')}>{address}</Fact>
      </dl>
      {photo_id != null && <DocumentPhoto purchase={purchase} />}
    </>
  )
}

/** Where the money went that was transferred. */
function Accounts({ legs }: { legs: PurchaseData['legs'] }) {
  const { t } = useTranslation('trade-ins')
  const named = legs.flatMap(({ reference }) => reference || [])
  if (named.length === 0) return null
  return (
    <dl className={classes.facts}>
      {named.map((account, index) => (
        <Fact key={index} label={t('document.papers.account')}>
          {account}
        </Fact>
      ))}
    </dl>
  )
}

/** The photo of the document, when somebody wants to see it: that is a look of its own. */
function DocumentPhoto({ purchase }: { purchase: number }) {
  const { t } = useTranslation('trade-ins')
  const [opened, setOpened] = useState(false)
  const open = () => setOpened(true)
  useShortcuts([{ keys: 'alt+o', label: t('document.papers.photo'), run: open }])
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPhoto size={18} aria-hidden />}
        rightSection={<Key of="alt+o" />}
        onClick={open}
      >
        {t('document.papers.photo')}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} size="xl" title={t('document.papers.photo')}>
        {opened && (
          <Picture src={documentPhotoOf(purchase)} alt={t('document.papers.photo')} className={classes.photo} />
        )}
      </Dialog>
    </>
  )
}

/** The words as they were signed, whatever they say today. */
function Declared({
  declaration: { words, language, signature },
}: {
  declaration: NonNullable<PurchaseData['declaration']>
}) {
  const { t } = useTranslation('trade-ins')
  return (
    <div className={classes.declared}>
      <h3>{t('document.papers.declared')}</h3>
      <p lang={language}>{words ?? t('purchase.erased')}</p>
      {signature && (
        <svg viewBox="0 0 600 200" role="img" aria-label={t('purchase.signature')}>
          <path d={signature} />
        </svg>
      )}
    </div>
  )
}
