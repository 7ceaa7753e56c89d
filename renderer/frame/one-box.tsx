export function OneBox() {
  return null
}
