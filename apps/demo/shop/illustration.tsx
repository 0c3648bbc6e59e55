import type { VNode } from 'preact'
import type { Shape } from './products.ts'

/** How a product is looked at: on its own, close, or out in the hills. */
export type View = 'studio' | 'detail' | 'outside'

interface Paint {
  main: string
  dark: string
  light: string
}

/** A drawing of a product in a colour; without a label it is decoration. `public/pictures` has the first colours as files. */
export function Illustration({
  shape,
  colour,
  view,
  label,
}: {
  shape: Shape
  colour: string
  view: View
  label?: string
}) {
  const paint: Paint = {
    main: colour,
    dark: `color-mix(in oklab, ${colour}, #0b1410 32%)`,
    light: `color-mix(in oklab, ${colour}, #fff 38%)`,
  }
  const Drawing = DRAWINGS[shape]
  return (
    <svg
      class="illustration"
      viewBox="0 0 240 240"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={!label}
    >
      {view === 'outside' ? <Hills /> : <Studio tint={paint.light} />}
      <g transform={PLACES[view]}>
        <ellipse cx="120" cy="203" rx="74" ry="8" fill="#0b1410" opacity=".16" />
        <Drawing {...paint} />
      </g>
    </svg>
  )
}

const PLACES: Record<View, string> = {
  studio: '',
  detail: 'translate(-190 -150) scale(2.3)',
  outside: 'translate(62 92) scale(.6)',
}

function Studio({ tint }: { tint: string }) {
  return (
    <>
      <rect width="240" height="240" style={{ fill: `color-mix(in oklab, ${tint}, #f4f0e8 76%)` }} />
      <circle cx="120" cy="112" r="84" style={{ fill: `color-mix(in oklab, ${tint}, #f4f0e8 48%)` }} />
    </>
  )
}

function Hills() {
  return (
    <>
      <rect width="240" height="240" fill="#f6dfc0" />
      <circle cx="176" cy="62" r="24" fill="#f2b36b" />
      <path d="M0 138 52 84l34 34 42-58 52 66 28-24 32 30v110H0z" fill="#8fa6a3" />
      <path d="m128 60-16 22 12-3 7 8 8-7 9 5z" fill="#f7f3ea" />
      <path d="M0 168q52-36 112-12t128-14v98H0z" fill="#5f7f6c" />
      <path d="M0 204q70-34 132-12t108-8v56H0z" fill="#3c5c4a" />
    </>
  )
}

const DRAWINGS: Record<Shape, (paint: Paint) => VNode> = {
  jacket: ({ main, dark, light }) => (
    <>
      <path d="M92 52 54 76l-18 96 26 8 12-52v70q46 10 92 0v-70l12 52 26-8-18-96-38-24z" style={{ fill: main }} />
      <path d="M92 52q28 26 56 0l-8-12q-20-10-40 0z" style={{ fill: dark }} />
      <path d="M120 66v134" stroke="#f4f0e8" stroke-width="3" />
      <path d="M74 128v70q22 5 46 5V66q-16 0-28-14L60 72z" style={{ fill: light }} opacity=".22" />
      <path d="m132 98 22-4v20l-22 4z" style={{ fill: dark }} />
      <path d="M88 160h18m28 0h18" style={{ stroke: dark }} stroke-width="5" stroke-linecap="round" />
    </>
  ),
  tent: ({ main, dark, light }) => (
    <>
      <path d="M120 62 26 200h188z" style={{ fill: main }} />
      <path d="M120 62 26 200h54z" style={{ fill: light }} />
      <path d="m120 62 32 138H92z" style={{ fill: dark }} />
      <path d="M120 92 138 200h-34z" fill="#f2c98a" />
      <path
        d="m120 62-8-14m8 14 8-14M26 200l-14 6m202-6 14 6"
        stroke="#3a3a34"
        stroke-width="4"
        stroke-linecap="round"
      />
    </>
  ),
  pack: ({ main, dark, light }) => (
    <>
      <path d="M100 42q20-16 40 0v14h-40z" fill="none" style={{ stroke: dark }} stroke-width="7" />
      <rect x="68" y="50" width="104" height="152" rx="34" style={{ fill: main }} />
      <path d="M68 92V84q0-34 34-34h36q34 0 34 34v8q-52 22-104 0z" style={{ fill: dark }} />
      <rect x="82" y="128" width="76" height="56" rx="16" style={{ fill: light }} />
      <path d="M82 146h76" style={{ stroke: dark }} stroke-width="4" />
      <path d="M96 96v34m48-34v34" stroke="#f4f0e8" stroke-width="5" />
      <rect x="54" y="130" width="18" height="58" rx="9" style={{ fill: dark }} />
      <rect x="168" y="130" width="18" height="58" rx="9" style={{ fill: dark }} />
    </>
  ),
  boot: ({ main, dark, light }) => (
    <>
      <path d="M74 62q24 10 52 0l6 64q8 20 40 28 26 6 26 32v4H66q-4-68 8-128z" style={{ fill: main }} />
      <path d="M60 186h140q2 18-14 18H74q-14 0-14-18z" fill="#2c2b28" />
      <path d="M74 62q24 10 52 0l1 14q-28 10-55 0z" style={{ fill: dark }} />
      <path d="M150 146q-8 16-22 20l70 16q-4-20-26-28z" style={{ fill: light }} />
      <path
        d="m112 98 20-6m-18 22 20-6m-16 22 20-6m-10 22 18-10"
        stroke="#f4f0e8"
        stroke-width="5"
        stroke-linecap="round"
      />
      <path d="M68 130q-4 30-2 60h22q-2-40-20-60z" style={{ fill: dark }} />
    </>
  ),
  bottle: ({ main, dark, light }) => (
    <>
      <rect x="100" y="36" width="40" height="30" rx="8" fill="#3a3a36" />
      <path d="M92 76q0-12 14-12h28q14 0 14 12l6 22v88q0 18-18 18h-32q-18 0-18-18V98z" style={{ fill: main }} />
      <path d="M92 76q0-12 14-12h6v140h-8q-18 0-18-18V98z" style={{ fill: light }} opacity=".55" />
      <path d="M86 168h68v18q0 18-18 18h-32q-18 0-18-18z" style={{ fill: dark }} />
      <path d="m104 142 14-24 8 13 5-7 11 18z" fill="#f4f0e8" />
    </>
  ),
  stove: ({ main, dark, light }) => (
    <>
      <path d="M84 128h72q14 0 14 14v46q0 14-14 14H84q-14 0-14-14v-46q0-14 14-14z" style={{ fill: main }} />
      <path d="M84 128h16v74H84q-14 0-14-14v-46q0-14 14-14z" style={{ fill: light }} opacity=".6" />
      <rect x="70" y="156" width="100" height="22" style={{ fill: dark }} />
      <path d="M108 106h24v22h-24zM84 96h72l-10 12H94z" fill="#474a49" />
      <path d="M78 92 68 78m94 14 10-14M120 96V80" stroke="#474a49" stroke-width="6" stroke-linecap="round" />
      <path d="M120 32q22 22 8 42-2-12-8-16-6 8-8 16-18-18 8-42z" fill="#ef8d3c" />
      <path d="M120 56q9 10 3 20h-6q-6-10 3-20z" fill="#f9d48a" />
    </>
  ),
  lantern: ({ main, dark }) => (
    <>
      <circle cx="120" cy="130" r="76" fill="#ffe9b0" opacity=".55" />
      <path d="M84 78q36-60 72 0" fill="none" stroke="#474a49" stroke-width="6" />
      <path d="M86 76h68l8 18H78z" style={{ fill: main }} />
      <path d="M82 94h76v74H82z" fill="#fff6dc" />
      <path d="M112 104h16l6 42q-14 14-28 0z" fill="#f7c55f" />
      <path d="M82 94h6v74h-6zm70 0h6v74h-6z" style={{ fill: dark }} />
      <path d="M74 168h92l8 34H66z" style={{ fill: main }} />
      <circle cx="120" cy="186" r="7" fill="#f4f0e8" />
    </>
  ),
  beanie: ({ main, dark, light }) => (
    <>
      <circle cx="120" cy="54" r="20" style={{ fill: light }} />
      <path d="M52 166q-6-104 68-104t68 104z" style={{ fill: main }} />
      <path
        d="M78 160q-4-70 26-96m58 96q4-70-26-96m-16-2v98"
        fill="none"
        style={{ stroke: dark }}
        stroke-width="4"
        opacity=".55"
      />
      <rect x="42" y="152" width="156" height="46" rx="18" style={{ fill: dark }} />
      <path
        d="M62 158v34m20-34v34m20-34v34m20-34v34m18-34v34m20-34v34m18-34v34"
        style={{ stroke: main }}
        stroke-width="4"
      />
    </>
  ),
  bag: ({ main, dark, light }) => (
    <>
      <path d="M86 62q34-40 68 0 22 40 12 96-8 44-46 44t-46-44Q64 102 86 62z" style={{ fill: main }} />
      <path d="M98 70q22-26 44 0 8 30-22 36-30-6-22-36z" fill="#f4efe6" />
      <path
        d="M72 112q48 20 96 0m-98 24q50 20 100 0m-98 24q48 20 94 0"
        fill="none"
        style={{ stroke: dark }}
        stroke-width="4"
        opacity=".7"
      />
      <path d="M86 62Q64 102 74 158q6 34 30 42-20-60-4-108-14-20-14-30z" style={{ fill: light }} opacity=".45" />
      <path d="M120 106v96" style={{ stroke: dark }} stroke-width="4" />
    </>
  ),
  mug: ({ main, dark, light }) => (
    <>
      <path d="M158 100h14q26 0 26 30t-30 34h-12" fill="none" style={{ stroke: dark }} stroke-width="11" />
      <path d="M56 84h108v98q0 20-20 20H76q-20 0-20-20z" style={{ fill: main }} />
      <path d="M56 84h24v118h-4q-20 0-20-20z" style={{ fill: light }} opacity=".55" />
      <path d="M52 78h116v12H52z" fill="#f4f0e8" />
      <path d="m88 166 20-34 12 18 8-11 18 27z" fill="#f4f0e8" />
      <path
        d="M92 62q-8-10 0-20m22 20q-8-10 0-20m22 20q-8-10 0-20"
        fill="none"
        stroke="#b9b4a8"
        stroke-width="4"
        stroke-linecap="round"
      />
    </>
  ),
}
