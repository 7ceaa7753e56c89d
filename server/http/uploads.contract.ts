import { z } from 'zod'
import type { Upload } from './uploads.ts'

/** The files sent under one field. */
export const uploads = () =>
  z.array(
    z
      .custom<Upload>((value) => typeof (value as Upload | undefined)?.path === 'string')
      .meta({ type: 'string', format: 'binary' }),
  )
