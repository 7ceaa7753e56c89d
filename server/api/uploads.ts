import { z } from 'zod'
import { file, read } from '../http/endpoint.ts'
import { accessDenied, notFound } from '../http/errors.ts'
import { int, oneOf, optional, text } from '../http/fields.contract.ts'
import { everyone, type Caller, callerKindOf } from '../http/auth/permissions.ts'
import { isGoodLink } from '../shop/photos/signed-links.ts'
import { photoFile } from '../shop/photos/photos.ts'
import { productPhoto } from '../shop/stock/product-photos.ts'
import { photoPath, pickupPhoto } from '../shop/trade-ins/trade-ins.ts'

const FileName = z.object({ file: text({ cards: 'allow', max: 200 }) })
const SIZES = ['full', 'thumbnail'] as const
const Size = { size: optional(oneOf(SIZES)) }
/** What cannot be a signature is none: no fault of the request, and who may see the photo without one still may. */
const Link = z.object({
  ...Size,
  expires: optional(int()).catch(undefined),
  signature: optional(text({ cards: 'allow', max: 200 })).catch(undefined),
})

/** Photos at their documented paths: those of products for everybody, those of trade-ins for who may see them. */
export const uploads = [
  read(
    'GET /uploads/tradein_photos/:file',
    {
      who: everyone,
      params: FileName,
      query: Link,
      response: file('image/jpeg'),
      summary: 'A photo of a trade-in: with the signature of its address, or the token of its owner or of staff',
    },
    async ({ db, config, tokens, database, run }, { params, query: { size = 'full', ...link }, session }) => {
      const [, pickup_id, position] = /^pickup_(\d{1,15})_(\d{1,3})\.jpg$/.exec(params.file) ?? []
      const signed = isGoodLink(tokens, `/uploads/tradein_photos/${params.file}`, link, database.clock.read())
      const photo = pickup_id === undefined ? undefined : await pickupPhoto(db, Number(pickup_id), Number(position))
      if (!signed && !maySee(session?.caller ?? null, photo?.user_id)) throw accessDenied()
      if (!photo || photoPath(Number(pickup_id), Number(position)) !== `/uploads/tradein_photos/${params.file}`)
        throw notFound('photo-not-found', 'Photo not found')
      const headers = { 'Cache-Control': 'private, max-age=900', 'Cross-Origin-Resource-Policy': 'cross-origin' }
      return { ...(await photoFile({ config, database, run }, photo.sha256, size)), headers }
    },
  ),

  read(
    'GET /uploads/no-picture.svg',
    { who: everyone, response: file('image/svg+xml'), summary: 'The picture of a product that has none' },
    () => {
      const headers = { 'Cache-Control': 'public, max-age=86400', 'Cross-Origin-Resource-Policy': 'cross-origin' }
      return { type: 'image/svg+xml', bytes: PARCEL, headers }
    },
  ),

  read(
    'GET /uploads/products/:file',
    {
      who: everyone,
      params: FileName,
      query: z.object(Size),
      response: file('image/jpeg'),
      summary: 'The picture of a product',
    },
    async ({ db, ...context }, { params, query: { size = 'full' } }) => {
      const sha256 = /^([0-9a-f]{64})\.jpg$/.exec(params.file)?.[1]
      if (!sha256 || !(await productPhoto(db, sha256))) throw notFound('photo-not-found', 'Photo not found')
      const headers = {
        'Cache-Control': 'public, max-age=31536000, immutable',
        'Cross-Origin-Resource-Policy': 'cross-origin', // The web shop is another origin.
      }
      return { ...(await photoFile(context, sha256, size)), headers }
    },
  ),
]

/** A parcel in grey, 600 by 400: it says nothing of what is sold. */
const PARCEL = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400" width="600" height="400">
<rect width="600" height="400" fill="#eef0f3"/>
<g fill="none" stroke="#9aa1ab" stroke-width="10" stroke-linejoin="round" stroke-linecap="round">
<path d="M300 110l100 45v95l-100 45-100-45v-95z"/><path d="M200 155l100 45 100-45M300 200v95M250 132l100 45"/>
</g></svg>`

/** The owner and everybody behind the counter. */
function maySee(caller: Caller | null, owner: number | undefined): boolean {
  const standing = callerKindOf(caller)
  if (standing === 'anonymous' || standing === 'customer') return caller !== null && caller.id === owner
  return true
}
