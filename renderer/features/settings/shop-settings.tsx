export function ShopSettings() {
  return null
}
