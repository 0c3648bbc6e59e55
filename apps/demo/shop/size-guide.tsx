import type { RefObject } from 'preact'

const ROWS = [
  ['XS', '80–86', '66–72', '34'],
  ['S', '86–92', '72–78', '36–38'],
  ['M', '92–100', '78–86', '40–42'],
  ['L', '100–108', '86–94', '44–46'],
  ['XL', '108–116', '94–102', '48–50'],
]

export function SizeGuide({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="size-title">
      <h2 id="size-title">Size guide</h2>
      <p class="soft">Measure over a thin shirt. Between two sizes, take the larger one.</p>
      <div class="table-scroll">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Size</th>
              <th scope="col">Chest, cm</th>
              <th scope="col">Waist, cm</th>
              <th scope="col">EU</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([size, ...rest]) => (
              <tr key={size}>
                <th scope="row">{size}</th>
                {rest.map((cell) => (
                  <td key={cell}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button class="button button-main" type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  )
}
