export interface Order {
  number: string
  date: string
  address: string
  items: string
  /** In cents. */
  total: number
  state: 'Delivered' | 'On its way' | 'Returned'
}

export const ORDERS: Order[] = [
  {
    number: 'N-20418',
    date: '2026-11-12',
    address: '14 Harbour Row, Galway',
    items: 'Fell Mid Boot',
    total: 18900,
    state: 'On its way',
  },
  {
    number: 'N-19977',
    date: '2026-10-03',
    address: '14 Harbour Row, Galway',
    items: 'Spring Bottle, Hut Mug × 2',
    total: 5700,
    state: 'Delivered',
  },
  {
    number: 'N-19260',
    date: '2026-08-21',
    address: '3 Mill Lane, Westport',
    items: 'Tarn 2 Tent',
    total: 38900,
    state: 'Delivered',
  },
  {
    number: 'N-18804',
    date: '2026-06-30',
    address: '14 Harbour Row, Galway',
    items: 'Breeze Windshirt',
    total: 11900,
    state: 'Returned',
  },
  {
    number: 'N-17311',
    date: '2026-04-09',
    address: '14 Harbour Row, Galway',
    items: 'Ember Stove, Glow Lantern',
    total: 12400,
    state: 'Delivered',
  },
  {
    number: 'N-16020',
    date: '2026-02-17',
    address: '27 Abbey Street, Sligo',
    items: 'Shepherd Beanie',
    total: 3400,
    state: 'Delivered',
  },
]
