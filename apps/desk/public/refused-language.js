// The refused page speaks the first language of `?lang=` and of the browser's list that it has. Before the address is cleaned.
const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ja', 'ar']
const wished = new URLSearchParams(location.search).get('lang')
const wishes = [wished ?? '', ...navigator.languages].map((wish) => wish.toLowerCase().split(/[-_]/)[0])
document.documentElement.lang = wishes.find((wish) => LANGUAGES.includes(wish)) ?? 'en'
addEventListener('DOMContentLoaded', () => {
  const section = document.querySelector(`section[lang="${document.documentElement.lang}"]`)
  // There is none where the page is being left for the desk.
  if (!section) return
  document.documentElement.dir = section.dir
  document.title = `${section.querySelector('h1').textContent} · Alongside`
})
