// Runs first of all modules: it takes the token out of the address.
import './address.ts'

import { render } from 'preact'
import { access } from './address.ts'
import { Desk } from './desk.tsx'
import { chooseLanguage, speak } from './texts/language.ts'

const wished = new URLSearchParams(location.search).get('lang')
await speak(chooseLanguage(wished === null ? navigator.languages : [wished, ...navigator.languages]), document)
const place = document.getElementById('desk')
if (place) render(<Desk pin={access.pin} />, place)
