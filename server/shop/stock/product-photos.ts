import type { Db } from '../../../db/handle.ts'

/** Where a product's own picture is. Its name is the hash of its bytes: another picture has another address. */
export const productPhotoPath = (sha256: string) => `/uploads/products/${sha256}.jpg`

/** Whether a product that is not removed shows this picture. */
export async function productPhoto(db: Db, sha256: string): Promise<boolean> {
  const product = await db
    .selectFrom('product')
    .innerJoin('photo', 'photo.id', 'product.photo_id')
    .select('product.id')
    .where('photo.sha256', '=', sha256)
    .where('product.deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return product !== undefined
}
