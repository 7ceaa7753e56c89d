import { z } from 'zod'
import { multipart } from '../../http/body.ts'
import { uploads } from '../../http/uploads.contract.ts'
import { act, nothing, write } from '../../http/endpoint.ts'
import { staffOrAdmin } from '../../http/auth/permissions.ts'
import { findProduct } from '../../shop/stock/product-list.ts'
import { keepPhotos } from '../../shop/photos/photos.ts'
import { showPhoto } from '../../shop/stock/product-changes.ts'
import { shownProduct } from './products.ts'
import { Id, Product } from './products.contract.ts'

/** One picture: JPEG, PNG, WebP or HEIC, under 5 MB. */
const NewPhoto = z.object({ photo: uploads() })
const LIMITS = { most: 1, size: 5 * 1_048_576 }

/** The pictures that the store shows; those of trade-ins are private and come with their request. */
export const productPhotos = [
  act(
    'PUT /products/:id/photo',
    {
      who: staffOrAdmin,
      params: Id,
      body: multipart(NewPhoto, LIMITS),
      response: Product,
      summary: 'Shows this picture for a product, in place of another',
    },
    async (context, { params: { id }, body: { photo }, session }) => {
      await findProduct(context.db, id)
      await keepPhotos({ ...context, session }, photo, (trx, [photo_id]) => showPhoto(trx, id, photo_id!))
      return await shownProduct(context.db, await findProduct(context.db, id), context.database.clock.expiry())
    },
  ),

  write(
    'DELETE /products/:id/photo',
    { who: staffOrAdmin, params: Id, response: nothing, summary: 'Shows no picture for a product' },
    async ({ trx }, { params }) => await showPhoto(trx, params.id, null),
  ),
]
