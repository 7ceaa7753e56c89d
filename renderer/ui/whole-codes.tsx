/** Numbers of documents as they stand in a text: `S1-T1-000046`, `S1-T1-R000413`. */
const CODES = /(\p{Lu}[\p{Lu}\d]*-\p{Lu}[\p{Lu}\d]*-[RP]?\d{6,15})/u

/** A text whose document numbers stay in one piece: lines break before or behind them, never at their hyphens. */
export function WholeCodes({ children }: { children: string }) {
  const parts = children.split(CODES)
  if (parts.length === 1) return children
  return parts.map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <span key={index} className="whole">
        {part}
      </span>
    ),
  )
}
