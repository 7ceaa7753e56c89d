import { z } from 'zod'
import { multipart } from '../../http/body.ts'
import { uploads } from '../../http/uploads.contract.ts'
import { act, file, nothing, read, write } from '../../http/endpoint.ts'
import { id, oneOf, optional } from '../../http/fields.contract.ts'
import { anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { findOrder } from '../../shop/repairs/orders.ts'
import { keepPhotos, photoFile } from '../../shop/photos/photos.ts'
import { addTicketPhotos, findTicketPhoto, removeTicketPhoto } from '../../shop/repairs/ticket-photos.ts'
import { ticketView } from './ticket-view.ts'
import { Ticket } from './tickets.contract.ts'

const Id = z.object({ id: id() })
const PhotoId = z.object({ id: id(), photo_id: id() })
/** JPEG, PNG, WebP or HEIC. The counter's page makes them small before it sends them; other programs need not. */
const NewPhotos = z.object({ photos: uploads() })
const LIMITS = { most: 5, size: 10 * 1_048_576 }
const ALL = { own: null }

/** Photos of a device in repair: never shown to anybody but the people behind the counter. */
export const ticketPhotos = [
  act(
    'POST /tickets/:id/photos',
    {
      who: staffOrAdmin,
      params: Id,
      body: multipart(NewPhotos, LIMITS),
      response: Ticket,
      status: 201,
      summary: 'Adds photos of the device',
    },
    async (context, { params, body: { photos }, session }) => {
      await findOrder(context.db, params.id, ALL)
      return await keepPhotos({ ...context, session, write: context.finish }, photos, async (trx, photo_ids) => {
        await findOrder(trx, params.id, ALL)
        await addTicketPhotos(trx, params.id, photo_ids)
        return await ticketView(trx, params.id, trx.act.now)
      })
    },
  ),

  read(
    'GET /tickets/:id/photos/:photo_id',
    {
      who: anyEmployee,
      params: PhotoId,
      query: z.object({ size: optional(oneOf(['full', 'thumbnail'])) }),
      response: file('image/jpeg'),
      summary: 'A photo of the device',
    },
    async ({ db, ...context }, { params, query: { size = 'full' } }) => {
      await findOrder(db, params.id, ALL)
      const { sha256 } = await findTicketPhoto(db, params.id, params.photo_id)
      const headers = { 'Cache-Control': 'no-store' }
      return { ...(await photoFile(context, sha256, size)), headers }
    },
  ),

  write(
    'DELETE /tickets/:id/photos/:photo_id',
    { who: staffOrAdmin, params: PhotoId, response: nothing, summary: 'Takes a photo off the ticket' },
    async ({ trx }, { params }) => {
      await findOrder(trx, params.id, ALL)
      await removeTicketPhoto(trx, params.id, params.photo_id)
    },
  ),
]
