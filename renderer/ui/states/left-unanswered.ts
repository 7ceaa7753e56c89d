import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLeftUnanswered } from '../../query.ts'
import { toast } from './toast.tsx'

/** Says to whoever is at the counter now that something sent before the lock was not answered. */
export function useLeftUnansweredNotice() {
  const { t } = useTranslation()
  const { left } = useLeftUnanswered()
  useEffect(() => {
    if (!left) return
    useLeftUnanswered.setState({ left: false })
    toast(t('error.senderLeft'), { bad: true })
  }, [left, t])
}
