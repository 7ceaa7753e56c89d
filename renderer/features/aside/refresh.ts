import { queryClient } from '../../query.ts'
import { ASIDE } from '../../aside-counts.ts'

/** Something was decided, or could not be: what is shown is asked again. */
export const refresh = () => queryClient.invalidateQueries({ queryKey: ASIDE })
