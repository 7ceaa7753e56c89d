import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../ui/states/empty-state.tsx'

/** A screen that throws takes neither the frame nor its drafts with it. React offers this to classes alone. */
export class CrashGuard extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children
  }
}

function Crashed() {
  const { t } = useTranslation()
  return (
    <EmptyState action={<Button onClick={() => location.reload()}>{t('error.reload')}</Button>}>
      {t('error.crashed')}
    </EmptyState>
  )
}
