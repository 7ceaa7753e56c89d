import { Input, NumberInput, SegmentedControl, Select } from '@mantine/core'
import { useId, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import type { ShopPlace } from './place-defaults.ts'
import { countries, currencies, timeZones } from './places.ts'
import classes from './set-up/set-up.module.css'

type Props = {
  values: ShopPlace
  change: (part: Partial<ShopPlace>) => void
  errorOf: (field: 'country' | 'currency' | 'time_zone' | 'tax_mode' | 'tax_rate') => string | undefined
  /** Why the currency stays as it is. */
  fixed?: string | undefined
}

const TAX_MODES = ['included', 'added', 'none'] as const

export function PlaceFields({ values, change, errorOf, fixed }: Props) {
  const { t, i18n } = useTranslation('settings')
  const lands = useMemo(() => countries(i18n.language), [i18n.language])
  const money = useMemo(() => currencies(i18n.language, values.currency), [i18n.language, values.currency])
  const zones = useMemo(timeZones, [])
  const chooser = {
    searchable: true,
    selectFirstOptionOnChange: true,
    onClick: (event: React.MouseEvent<HTMLInputElement>) => event.currentTarget.select(),
    limit: 60,
    allowDeselect: false,
  }
  return (
    <>
      <Select
        {...chooser}
        label={t('setup.country')}
        description={t('setup.countryHint')}
        data={lands}
        value={values.country || null}
        error={errorOf('country')}
        onChange={(country) => country && change({ country })}
      />
      <Select
        {...chooser}
        label={t('setup.currency')}
        data={money}
        disabled={fixed !== undefined}
        description={fixed}
        value={values.currency}
        error={errorOf('currency')}
        onChange={(currency) => currency && change({ currency })}
      />
      <Select
        {...chooser}
        label={t('setup.timeZone')}
        data={zones}
        value={values.time_zone}
        error={errorOf('time_zone')}
        onChange={(time_zone) => time_zone && change({ time_zone })}
      />
      <TaxFields values={values} change={change} errorOf={errorOf} />
    </>
  )
}

function TaxFields({ values, change, errorOf }: Props) {
  const { t } = useTranslation('settings')
  const id = useId()
  const { decimalPoint } = useFormat()
  const modes: { value: string; label: string }[] = [
    { value: 'included', label: t('setup.taxIncluded') },
    { value: 'added', label: t('setup.taxAdded') },
    { value: 'none', label: t('setup.taxNone') },
  ]
  const none = values.tax_mode === 'none'
  return (
    <div className={classes.tax}>
      <div>
        <Input.Label labelElement="div" id={id}>
          {t('setup.tax')}
        </Input.Label>
        <SegmentedControl
          fullWidth
          aria-labelledby={id}
          data={modes}
          value={values.tax_mode ?? ''}
          onChange={(chosen) => change({ tax_mode: TAX_MODES.find((mode) => mode === chosen) ?? null })}
        />
        {none && <Input.Description mt={4}>{t('setup.taxNoneHint')}</Input.Description>}
        {errorOf('tax_mode') && (
          <Input.Error mt={4} role="alert">
            {errorOf('tax_mode')}
          </Input.Error>
        )}
      </div>
      <NumberInput
        label={t('setup.taxRate')}
        suffix=" %"
        min={0}
        max={100}
        decimalScale={2}
        decimalSeparator={decimalPoint}
        allowedDecimalSeparators={[',', '.']}
        hideControls
        disabled={none}
        value={none ? '' : (values.tax_percent ?? '')}
        error={errorOf('tax_rate')}
        onChange={(percent) => change({ tax_percent: percent === '' ? null : Number(percent) || 0 })}
      />
    </div>
  )
}
