/** Products that people name without their maker. */
const BRAND_BY_PRODUCT = {
  Apple: ['iPhone', 'iPad', 'iPod', 'iMac', 'MacBook', 'Mac mini', 'Mac Studio', 'Mac Pro', 'AirPods'],
  Samsung: ['Galaxy'],
  Google: ['Pixel', 'Nexus', 'Chromecast'],
  Microsoft: ['Surface', 'Xbox'],
  Lenovo: ['ThinkPad', 'ThinkBook', 'ThinkCentre', 'IdeaPad', 'IdeaCentre', 'Yoga', 'Legion'],
  Dell: ['XPS', 'Latitude', 'Inspiron', 'Vostro', 'Precision', 'OptiPlex', 'Alienware'],
  HP: ['EliteBook', 'ProBook', 'ZBook', 'Pavilion', 'Spectre', 'Envy', 'Omen'],
  Sony: ['Xperia', 'PlayStation', 'PS3', 'PS4', 'PS5', 'Vaio'],
  Asus: ['ZenBook', 'VivoBook', 'ZenFone', 'ROG'],
  Acer: ['Aspire', 'Predator', 'Swift', 'Nitro'],
  Nintendo: ['Switch'],
  Xiaomi: ['Redmi', 'Poco'],
  Motorola: ['Moto'],
  Huawei: ['MateBook', 'MatePad'],
  Amazon: ['Kindle'],
  Valve: ['Steam Deck'],
} as const

const PRODUCTS = Object.entries(BRAND_BY_PRODUCT).flatMap(([brand, products]) =>
  products.map((product) => ({ brand, product })),
)

/** Brand and model of a device as it is named: by a brand that the shop knows, by a product that everybody knows, else by the first word. */
export function splitName(typed: string, brands: readonly string[]): { brand: string; model: string } {
  const text = typed.trim().replaceAll(/\s+/g, ' ')
  const brand = brands.filter((name) => begins(text, name)).toSorted((a, b) => b.length - a.length)[0]
  if (brand !== undefined) return { brand, model: text.slice(brand.length).trim() }
  const made = PRODUCTS.find(({ product }) => begins(text, product))
  if (made) return { brand: made.brand, model: made.product + text.slice(made.product.length) }
  const [first = '', ...model] = text.split(' ')
  return { brand: first, model: model.join(' ') }
}

/** Whether the text is the name or goes on behind it: `iPhone 12` and `iPhone12`, not `iPhones`. */
function begins(text: string, name: string): boolean {
  const isNamed = text.slice(0, name.length).toLowerCase() === name.toLowerCase()
  return isNamed && !/^\p{L}/u.test(text.slice(name.length))
}
