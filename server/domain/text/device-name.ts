import { nameKey } from './fold.ts'

type Named = { brand: string; model: string; storage?: string | null | undefined }

/**
 * What a device is called, on screens and papers alike: `Apple iPhone 13 128GB`. A model that is called by its brand already bears
 * it once: `Fairphone 5`.
 */
export function deviceName({ brand, model, storage }: Named): string {
  const isNamed = nameKey(model) === nameKey(brand) || nameKey(model).startsWith(`${nameKey(brand)} `)
  return [isNamed ? null : brand, model, storage].filter(Boolean).join(' ')
}
