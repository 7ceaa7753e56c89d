/** The longer side of what is sent, in pixels: the server keeps no more. */
const MAX_SIDE_PX = 2_560
const JPEG_QUALITY = 0.85

/**
 * A photo as it is sent: small enough for a slow line, without what the camera wrote into it. What this browser cannot draw
 * (HEIC) goes as it is; the server can.
 */
export async function shrinkPicture(file: Blob): Promise<Blob> {
  try {
    const drawn = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, MAX_SIDE_PX / Math.max(drawn.width, drawn.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(drawn.width * scale))
    canvas.height = Math.max(1, Math.round(drawn.height * scale))
    canvas.getContext('2d')!.drawImage(drawn, 0, 0, canvas.width, canvas.height)
    drawn.close()
    return await new Promise((resolve) => canvas.toBlob((made) => resolve(made ?? file), 'image/jpeg', JPEG_QUALITY))
  } catch {
    return file // Whether it is a picture at all is the server's to say.
  }
}
