const rows = () => document.getElementById('rows')!

let made = 0

function makeRow(): HTMLTableRowElement {
  const row = document.createElement('tr')
  const id = ++made
  row.innerHTML = `<td class="id">${id}</td><td class="label"><a href="#${id}">amber harbour ${id}</a></td><td><button type="button" class="remove">×</button></td><td class="rest"></td>`
  return row
}

let state = 42
/** A linear congruential generator: the same churn for both products. */
function random(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 4_294_967_296) * limit)
}

/** What the measured page does to itself. Each resolves when its changes are made. */
window.bursts = {
  'append 1,000 rows'() {
    for (let index = 0; index < 1000; index++) rows().append(makeRow())
  },
  'update every 10th row'() {
    for (let index = 0; index < rows().children.length; index += 10)
      rows().children[index]!.querySelector('a')!.firstChild!.nodeValue += ' !!!'
  },
  'swap two rows'() {
    const [second, last] = [rows().children[1]!, rows().children[998]!]
    const after = last.nextSibling
    rows().insertBefore(last, second)
    rows().insertBefore(second, after)
  },
  async 'churn 4,000 edits'() {
    const texts = [...rows().querySelectorAll('a')]
    for (let turn = 0; turn < 20; turn++) {
      for (let edit = 0; edit < 200; edit++) {
        const link = texts[random(texts.length)]!
        if (edit % 4 === 0) link.className = `tone-${random(9)}`
        else if (edit % 4 === 1) rows().insertBefore(rows().children[random(1000)]!, rows().children[random(1000)]!)
        else link.firstChild!.nodeValue = `value ${random(100_000)}`
      }
      // One frame a turn, so that layout and paint cost the same whoever watches.
      await new Promise(requestAnimationFrame)
    }
  },
  clear() {
    rows().textContent = ''
  },
}
