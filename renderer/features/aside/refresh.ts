import { queryClient } from '../../query.ts'
import { ASIDE } from './requests.ts'

/** Something was decided, or could not be: what is shown is asked again. */
export const refresh = () => queryClient.invalidateQueries({ queryKey: ASIDE })
