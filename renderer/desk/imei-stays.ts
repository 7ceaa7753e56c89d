import { imeiKind } from '../../server/domain/imei.ts'
import type { Scan } from '../ui/scanner/scan.ts'

/**
 * Whether a scan must not take the place of this number: beside the IMEI a device has codes of its box and its parts. A label
 * of ours names another device, and may.
 */
export const imeiStays = (number: string, { kind, value }: Scan): boolean =>
  kind === 'text' && imeiKind(number) === 'valid' && imeiKind(value) !== 'valid'
