import { useQuery } from '@tanstack/react-query'
import { staffQuery, type StaffMember } from '../../../session.ts'

/** Who may approve another price. */
export function useApprovers(): StaffMember[] {
  const { data: staff = [] } = useQuery(staffQuery)
  return staff.filter(({ approves }) => approves)
}
