export interface Store {
  number: number
  name: string
  town: string
  /** In kilometres from the visitor. */
  distance: number
  /** The hour it opens and the hour it closes. */
  hours: [opens: number, closes: number]
}

const TOWNS = ['Galway', 'Sligo', 'Kerry', 'Porto', 'Tartu', 'Aarhus', 'Graz', 'Umeå', 'Lyon', 'Turku', 'Cork', 'Kiel']
const KINDS = ['Outfitters', 'Mountain Room', 'Gear Shed', 'Supply', 'Boot Room', 'Trail Store', 'Provisions']

/** All places that sell Northwind: enough for a list that shows only what is in view. */
export const STORES: Store[] = Array.from({ length: 1200 }, (_, index) => ({
  number: index + 1,
  name: `${TOWNS[index % TOWNS.length]} ${KINDS[(index * 3) % KINDS.length]}`,
  town: TOWNS[index % TOWNS.length] ?? '',
  distance: Math.round((index * 1.7 + ((index * 37) % 11) / 3) * 10) / 10,
  hours: [8 + (index % 3), 17 + (index % 4)] as [number, number],
})).sort((one, other) => one.distance - other.distance)
