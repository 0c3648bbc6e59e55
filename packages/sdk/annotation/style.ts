/** The look of what is drawn. In a shadow root, so that no rule of a page reaches it. */
export const ANNOTATION_STYLE = `
:host { all: initial !important; position: absolute !important; inset: 0 auto auto 0 !important; display: block !important; pointer-events: none !important; will-change: transform !important; contain: layout style !important }
.ground { position: absolute; left: 0; top: 0; width: 0; height: 0; transform-origin: 0 0; pointer-events: none }
.probe { position: absolute; left: 0; top: 0; width: 100px; height: 100px; visibility: hidden }
.drift { position: absolute; left: 0; top: 0; contain: strict; overflow: scroll; overflow-anchor: none; scrollbar-width: none; will-change: scroll-position; direction: ltr }
.drift::-webkit-scrollbar { display: none }
.room { position: relative; width: 100%; height: 100% }
.origin { position: absolute; width: 0; height: 0 }
.clip { position: absolute; contain: layout style }
.cut { overflow: hidden; contain: strict }
canvas { position: absolute; left: 0; top: 0; display: none }
.clip[hidden] { display: none }
.at { position: absolute; left: 0; top: 0; width: 0; height: 0 }
svg { position: absolute; left: 0; top: 0; width: 1px; height: 1px; overflow: visible }
path, rect { fill: currentColor }
.highlighter { opacity: .38 }
.rectangle rect, .arrow path, .element rect { fill: none; stroke: currentColor; stroke-width: 4px; stroke-linecap: round; stroke-linejoin: round; filter: drop-shadow(0 0 1px #fff) }
.element rect { fill: currentColor; fill-opacity: .1; stroke-width: 3px }
.label {
  position: absolute; width: max-content; max-width: 280px; padding: 4px 8px; border-radius: 8px; box-sizing: border-box;
  color: #fff; font: 500 14px/1.35 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; text-align: start;
  overflow-wrap: anywhere; white-space: pre-wrap; box-shadow: 0 1px 4px rgb(0 0 0 / .3);
}
.label:empty { display: none }
@media (forced-colors: active) { .label { forced-color-adjust: none } svg { forced-color-adjust: none } }
`
