import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../query.ts'
import { QrOnScreen } from '../../print/codes.tsx'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { useRefusable } from '../../ui/fields/use-refusable.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { When } from '../../ui/when.tsx'
import classes from './fleet.module.css'
import { nextName } from './next-names.ts'
import { type Fleet, fleetQuery, type MadeCode, makeCode } from './requests.ts'

type Props = { fleet: Fleet; onDone: () => void }

/** A code by which one machine joins: for a store that is there, or a new one. */
export function AddTerminal({ fleet, onDone }: Props) {
  const [made, setMade] = useState<MadeCode | null>(null)
  return made ? <Made code={made} onDone={onDone} /> : <Asking fleet={fleet} onMade={setMade} />
}

function Asking({ fleet: { stores, nodes, codes }, onMade }: { fleet: Fleet; onMade: (code: MadeCode) => void }) {
  const { t } = useTranslation(['fleet', 'frame'])
  const [isNew, setNew] = useState(false)
  const [storeId, setStoreId] = useState(stores[0]!.id)
  const [store, setStore] = useState({ code: nextName('S', stores.map(({ code }) => code)), name: '' }) // oxfmt-ignore
  const takenIn = (id: number) => [...nodes, ...codes].filter(({ store_id }) => store_id === id)
  const terminalFor = (isOfNew: boolean, id: number) =>
    nextName('T', isOfNew ? [] : takenIn(id).map(({ terminal }) => terminal))
  const [terminal, setTerminal] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const shownTerminal = terminal ?? terminalFor(isNew, storeId)
  const make = useRefusable(makeCode, {
    onRefused: setErrors,
    onDone: (code) => {
      void queryClient.invalidateQueries({ queryKey: fleetQuery.queryKey })
      onMade(code)
    },
  })
  const send = () => {
    const missing = t('frame:fieldError.missing')
    const found: Record<string, string> = {}
    if (isNew && !store.name.trim()) found['store.name'] = missing
    if (isNew && !store.code.trim()) found['store.code'] = missing
    if (!shownTerminal.trim()) found['terminal'] = missing
    setErrors(found)
    if (Object.keys(found).length > 0) return focusFirstError()
    const place = isNew ? { store } : { store_id: storeId }
    make.mutate({
      ...place,
      terminal: shownTerminal,
      name: name.trim() || t('defaultName', { terminal: shownTerminal }),
    })
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('makeCode'), run: send }], { dialog: true })
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <SegmentedControl
        aria-label={t('store')}
        value={isNew ? 'new' : 'known'}
        onChange={(value) => {
          setNew(value === 'new')
          setTerminal(null)
        }}
        data={[
          { value: 'known', label: t('knownStore') },
          { value: 'new', label: t('newStore') },
        ]}
      />
      {isNew ? (
        <>
          <TextInput
            label={t('storeName')}
            data-autofocus
            value={store.name}
            error={errors['store.name']}
            onChange={({ currentTarget: { value } }) => setStore((before) => ({ ...before, name: value }))}
          />
          <TextInput
            label={t('storeCode')}
            description={t('storeCodeHint')}
            value={store.code}
            error={errors['store.code']}
            onChange={({ currentTarget: { value } }) => setStore((before) => ({ ...before, code: value }))}
          />
        </>
      ) : (
        <Select
          label={t('store')}
          data-autofocus
          allowDeselect={false}
          data={stores.map(({ id, code, name: of }) => ({ value: String(id), label: `${code} · ${of}` }))}
          value={String(storeId)}
          onChange={(value) => {
            if (value === null) return
            setStoreId(Number(value))
            setTerminal(null)
          }}
        />
      )}
      <TextInput
        label={t('terminalName')}
        description={t('terminalNameHint')}
        placeholder={t('defaultName', { terminal: shownTerminal })}
        value={name}
        error={errors['name']}
        onChange={({ currentTarget: { value } }) => setName(value)}
      />
      <TextInput
        label={t('terminalCode')}
        description={t('terminalCodeHint', {
          store: isNew ? store.code : stores.find(({ id }) => id === storeId)?.code,
        })}
        value={shownTerminal}
        error={errors['terminal']}
        onChange={({ currentTarget: { value } }) => setTerminal(value)}
      />
      <div className={classes.buttons}>
        <Button type="submit" loading={make.isPending} rightSection={<Key of="mod+Enter" />}>
          {t('makeCode')}
        </Button>
      </div>
    </form>
  )
}

/** It is shown this once: only what follows from it is kept. */
function Made({ code: { code, expires_at }, onDone }: { code: MadeCode; onDone: () => void }) {
  const { t } = useTranslation(['fleet', 'frame'])
  const address = location.origin
  return (
    <div className={classes.form}>
      <p>{t('onTheNewPc')}</p>
      <dl className={classes.made}>
        <dt>{t('address')}</dt>
        <dd>
          <bdi className="figures">{address}</bdi>
        </dd>
        <dt>{t('code')}</dt>
        <dd>
          <bdi className={`figures ${classes.code}`}>{code}</bdi>
        </dd>
      </dl>
      <QrOnScreen text={`${address}#${code}`} label={t('qr')} />
      <p className={classes.dim}>
        {t('goodUntil')} <When at={expires_at} />. {t('once')}
      </p>
      {/^(localhost|127\.|\[::1\])/.test(location.hostname) && <p className={classes.warning}>{t('loopback')}</p>}
      <div className={classes.buttons}>
        <Button onClick={onDone} autoFocus>
          {t('frame:action.close')}
        </Button>
      </div>
    </div>
  )
}
