import { code128, drawingSVG, qrcode } from 'bwip-js/browser'
import { useMemo } from 'react'
import onScreen from './codes.module.css'
import classes from './papers.module.css'

type Props = { text: string; label: string; className?: string | undefined }

/** A square code that any phone and scanner reads, drawn as shapes rather than pixels. Survives a tear (level M). */
export function QrCode({ text, label, className }: Props) {
  const source = useMemo(() => dataUrl(qrcode({ bcid: 'qrcode', text }, drawingSVG())), [text])
  return <img src={source} alt={label} className={`${classes.code} ${className ?? ''}`} />
}

/** The same to point a camera at. */
export function QrOnScreen(code: Omit<Props, 'className'>) {
  return (
    <div className={onScreen.onScreen}>
      <QrCode {...code} />
    </div>
  )
}

/** For scanners that read lines only. */
export function BarCode({ text, label, className }: Props) {
  const source = useMemo(() => dataUrl(code128({ bcid: 'code128', text, height: 9 }, drawingSVG())), [text])
  return <img src={source} alt={label} className={`${classes.code} ${className ?? ''}`} />
}

const dataUrl = (svg: string) => `data:image/svg+xml,${encodeURIComponent(svg)}`

/** What our codes carry: `T:` and the ticket's number, `R:` and a receipt's, which may look like a ticket's, or `O:` and a request's. */
export const ticketCode = (number: string) => `T:${number}`
export const receiptCode = (number: string) => `R:${number}`
export const requestCode = (id: number) => `O:${id}`
