export function ClaimAccount() {
  return null
}
