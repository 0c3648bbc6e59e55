import { CircleAlert, Headset, X } from 'lucide'
import { dismissProblem, endHelp, help, problem, startHelp } from './help.ts'
import { Icon } from './icon.tsx'

/** Asks an agent in, or sends them away. */
export function HelpButton() {
  const isOn = help.value === 'on'
  const isStarting = help.value === 'starting'
  return (
    <button
      class={isOn ? 'button help-button help-on' : 'button button-main help-button'}
      type="button"
      aria-disabled={isStarting}
      onClick={() => {
        if (isOn) endHelp()
        else if (!isStarting) void startHelp()
      }}
    >
      <Icon node={Headset} />
      {isOn ? 'End help' : isStarting ? 'One moment' : 'Get help'}
    </button>
  )
}

/** Says why help did not start, and what to do. */
export function HelpBanner() {
  return (
    <div role="alert">
      {problem.value && (
        <div class="banner">
          <Icon node={CircleAlert} size={20} />
          <p>
            <strong>Help did not work.</strong> {problem.value}
          </p>
          <button class="icon-button" type="button" aria-label="Close this message" onClick={dismissProblem}>
            <Icon node={X} />
          </button>
        </div>
      )}
    </div>
  )
}
