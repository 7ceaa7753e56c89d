/** What is in an order: `2 × iPhone 12, Charger`. */
export const productNames = (products: readonly { qty: number; title: string }[]): string =>
  products.map(({ qty, title }) => (qty === 1 ? title : `${qty} × ${title}`)).join(', ')
