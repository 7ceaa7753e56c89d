import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { asideCountsQuery } from '../../aside-counts.ts'
import { useRowArrows } from '../../ui/fields/row-arrows.ts'
import { Page } from '../../ui/page.tsx'
import { ASIDE_PARTS, type AsidePart } from '../../ui/routes.ts'
import { Conflicts } from './conflicts.tsx'
import { Duplicates } from './duplicates.tsx'
import { Waiting } from './waiting.tsx'

const PARTS = { waiting: Waiting, conflicts: Conflicts, duplicates: Duplicates } satisfies Record<
  AsidePart,
  () => ReactNode
>

/** What two machines did that did not know of each other, and what could not be applied: somebody has to look at it. */
export function Aside() {
  const { t } = useTranslation('aside')
  const [search, setSearch] = useSearchParams()
  const { data: counts } = useQuery(asideCountsQuery)
  const part = ASIDE_PARTS.find((one) => one === search.get('show')) ?? 'waiting'
  useRowArrows()
  const named = (value: AsidePart) => {
    const name = t(`parts.${value}`)
    return { value, label: counts ? t('part', { name, count: counts[value] }) : name }
  }
  const Part = PARTS[part]
  return (
    <Page
      title={t('title')}
      narrow
      chips={
        <SegmentedControl
          aria-label={t('parts.label')}
          value={part}
          onChange={(show) => setSearch({ show }, { replace: true })}
          data={ASIDE_PARTS.map(named)}
        />
      }
    >
      <Part />
    </Page>
  )
}
