import { render } from 'preact'
import { prepareHelp } from './help.ts'
import './star-rating.ts'
import { Shop } from './shop.tsx'

const place = document.getElementById('shop')
if (place) render(<Shop />, place)
prepareHelp()
