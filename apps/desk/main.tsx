import { render } from 'preact'
import { access } from './address.ts'
import { Desk } from './desk.tsx'

const place = document.getElementById('desk')
if (place) render(<Desk pin={access.pin} />, place)
