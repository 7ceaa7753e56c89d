import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EmptyState } from '../ui/states/empty-state.tsx'
import { Page } from '../ui/page.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('state.notFound')}>
      <EmptyState
        action={
          <Button component={Link} to="/" variant="default" data-work-start>
            {t('state.toHome')}
          </Button>
        }
      >
        {t('state.notFoundText')}
      </EmptyState>
    </Page>
  )
}
