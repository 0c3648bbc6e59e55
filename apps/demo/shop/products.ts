/** What a product looks like: the drawing that is made for it. */
export type Shape = 'jacket' | 'tent' | 'pack' | 'boot' | 'bottle' | 'stove' | 'lantern' | 'beanie' | 'bag' | 'mug'

export const CATEGORIES = ['Clothing', 'Shelter', 'Packs', 'Footwear', 'Camp kitchen', 'Light'] as const
export type Category = (typeof CATEGORIES)[number]

export interface Colour {
  name: string
  hex: string
}

export interface Product {
  id: string
  name: string
  category: Category
  shape: Shape
  /** In cents. */
  price: number
  rating: number
  reviews: number
  stock: number
  isNew?: boolean
  summary: string
  facts: string[]
  colours: Colour[]
  sizes: string[]
}

const MOSS = { name: 'Moss', hex: '#5c7150' }
const CLAY = { name: 'Clay', hex: '#b9573a' }
const LAKE = { name: 'Lake', hex: '#3d6b85' }
const OCHRE = { name: 'Ochre', hex: '#cf9a3c' }
const SLATE = { name: 'Slate', hex: '#56616b' }
const PLUM = { name: 'Plum', hex: '#75506b' }

const WEAR = ['XS', 'S', 'M', 'L', 'XL']
const SHOES = ['37', '38', '39', '40', '41', '42', '43', '44', '45']
const ONE = ['One size']

export const PRODUCTS: Product[] = [
  {
    id: 'ridgeline-shell',
    name: 'Ridgeline Shell',
    category: 'Clothing',
    shape: 'jacket',
    price: 24900,
    rating: 4.7,
    reviews: 318,
    stock: 24,
    isNew: true,
    summary: 'A three-layer shell for long wet days that breathes when the path gets steep.',
    facts: ['Waterproof to 20,000 mm', 'Two-way zips under the arms', '412 g in size M', 'Hood fits over a helmet'],
    colours: [CLAY, LAKE, MOSS],
    sizes: WEAR,
  },
  {
    id: 'two-person-tarn',
    name: 'Tarn 2 Tent',
    category: 'Shelter',
    shape: 'tent',
    price: 38900,
    rating: 4.8,
    reviews: 142,
    stock: 9,
    summary: 'Two doors, two porches and room to sit up: a tent for a week of weather.',
    facts: ['Sleeps two, with packs', '1.9 kg all in', 'Pitches outer first', 'Poles of 9 mm alloy'],
    colours: [MOSS, OCHRE],
    sizes: ONE,
  },
  {
    id: 'hollow-38',
    name: 'Hollow 38 Pack',
    category: 'Packs',
    shape: 'pack',
    price: 16900,
    rating: 4.5,
    reviews: 207,
    stock: 31,
    summary: 'Thirty-eight litres that carry like twenty. One big pocket, no straps to lose.',
    facts: ['38 litres', 'Back length adjusts', 'Rain cover in the lid', 'Recycled nylon'],
    colours: [LAKE, SLATE, CLAY],
    sizes: ['S/M', 'M/L'],
  },
  {
    id: 'fell-boot',
    name: 'Fell Mid Boot',
    category: 'Footwear',
    shape: 'boot',
    price: 18900,
    rating: 4.4,
    reviews: 486,
    stock: 52,
    summary: 'A light leather boot that needs no breaking in and can be soled again.',
    facts: ['Full-grain leather', 'Waterproof lining', 'Can be resoled twice', '510 g a boot in 42'],
    colours: [OCHRE, SLATE],
    sizes: SHOES,
  },
  {
    id: 'spring-bottle',
    name: 'Spring Bottle',
    category: 'Camp kitchen',
    shape: 'bottle',
    price: 2900,
    rating: 4.9,
    reviews: 921,
    stock: 140,
    summary: 'Keeps tea hot until the top and water cold until the car.',
    facts: ['750 ml', 'Steel, double wall', 'Lid is a cup', 'Fits every cage'],
    colours: [LAKE, CLAY, MOSS, SLATE],
    sizes: ONE,
  },
  {
    id: 'ember-stove',
    name: 'Ember Stove',
    category: 'Camp kitchen',
    shape: 'stove',
    price: 7900,
    rating: 4.6,
    reviews: 173,
    stock: 17,
    summary: 'Boils half a litre in two minutes and folds to the size of a fist.',
    facts: ['92 g', '2,600 W', 'Holds a two-litre pot', 'Piezo lighter'],
    colours: [SLATE, CLAY],
    sizes: ONE,
  },
  {
    id: 'glow-lantern',
    name: 'Glow Lantern',
    category: 'Light',
    shape: 'lantern',
    price: 4500,
    rating: 4.3,
    reviews: 98,
    stock: 44,
    isNew: true,
    summary: 'Warm light for the table, red light for the tent, forty hours for the week.',
    facts: ['300 lumens', 'Charges by USB-C', 'Hook and magnet', 'Splash-proof'],
    colours: [OCHRE, MOSS],
    sizes: ONE,
  },
  {
    id: 'wool-beanie',
    name: 'Shepherd Beanie',
    category: 'Clothing',
    shape: 'beanie',
    price: 3400,
    rating: 4.8,
    reviews: 264,
    stock: 88,
    summary: 'Knitted from one long yarn of Swaledale wool. It gets better for years.',
    facts: ['Pure wool', 'Double brim', 'Wash by hand', 'Made in small runs'],
    colours: [PLUM, OCHRE, LAKE, MOSS],
    sizes: ONE,
  },
  {
    id: 'drift-bag',
    name: 'Drift −5 Sleeping Bag',
    category: 'Shelter',
    shape: 'bag',
    price: 27900,
    rating: 4.7,
    reviews: 119,
    stock: 0,
    summary: 'Down where you feel the cold, wadding where you feel the ground.',
    facts: ['Comfort −5 °C', '980 g', 'Zip on either side', 'Cotton storage sack'],
    colours: [PLUM, LAKE],
    sizes: ['Regular', 'Long'],
  },
  {
    id: 'enamel-mug',
    name: 'Hut Mug',
    category: 'Camp kitchen',
    shape: 'mug',
    price: 1400,
    rating: 4.6,
    reviews: 533,
    stock: 210,
    summary: 'Enamel on steel. Survives the fire, the drop and the dishwasher.',
    facts: ['350 ml', 'Steel rim', 'Safe on a flame', 'Every mug is a little different'],
    colours: [MOSS, CLAY, SLATE],
    sizes: ONE,
  },
  {
    id: 'breeze-jacket',
    name: 'Breeze Windshirt',
    category: 'Clothing',
    shape: 'jacket',
    price: 11900,
    rating: 4.2,
    reviews: 187,
    stock: 36,
    summary: 'Ninety-eight grams against the wind. Lives in a pocket until it is needed.',
    facts: ['98 g in size M', 'Packs into its pocket', 'Sheds light rain', 'Elastic cuffs'],
    colours: [OCHRE, LAKE, PLUM],
    sizes: WEAR,
  },
  {
    id: 'day-18',
    name: 'Day 18 Pack',
    category: 'Packs',
    shape: 'pack',
    price: 8900,
    rating: 4.6,
    reviews: 412,
    stock: 63,
    summary: 'Eighteen litres for the train, the crag and the shop on the way home.',
    facts: ['18 litres', 'Sleeve for a laptop', '540 g', 'Opens like a book'],
    colours: [OCHRE, MOSS, PLUM],
    sizes: ONE,
  },
  {
    id: 'bivvy-one',
    name: 'Bivvy One',
    category: 'Shelter',
    shape: 'tent',
    price: 21900,
    rating: 4.1,
    reviews: 64,
    stock: 12,
    summary: 'One person, one pole, one minute. For nights that were not planned.',
    facts: ['Sleeps one', '890 g', 'Single wall', 'Pitches with a walking pole'],
    colours: [LAKE, CLAY],
    sizes: ONE,
  },
  {
    id: 'trail-runner',
    name: 'Scree Runner',
    category: 'Footwear',
    shape: 'boot',
    price: 13900,
    rating: 4.5,
    reviews: 351,
    stock: 29,
    isNew: true,
    summary: 'Grip of a boot, weight of a slipper. Made for running down what you climbed.',
    facts: ['280 g a shoe in 42', '5 mm lugs', 'Drains in a minute', 'Toe guard'],
    colours: [LAKE, PLUM],
    sizes: SHOES,
  },
  {
    id: 'beam-head',
    name: 'Beam Camp Light',
    category: 'Light',
    shape: 'lantern',
    price: 6200,
    rating: 4.4,
    reviews: 77,
    stock: 3,
    summary: 'Brighter and taller, for the big table. Charges your phone as well.',
    facts: ['700 lumens', '10,000 mAh', 'Dims without steps', 'Folds flat'],
    colours: [SLATE, CLAY],
    sizes: ONE,
  },
  {
    id: 'flask-mini',
    name: 'Beck Flask',
    category: 'Camp kitchen',
    shape: 'bottle',
    price: 2200,
    rating: 4.7,
    reviews: 240,
    stock: 75,
    summary: 'The small one for the coat pocket. Coffee for two, or one and a half.',
    facts: ['350 ml', 'Steel, double wall', 'Leak-proof lid', '190 g'],
    colours: [OCHRE, PLUM, MOSS],
    sizes: ONE,
  },
]

export function findProduct(id: string): Product | undefined {
  return PRODUCTS.find((product) => product.id === id)
}
