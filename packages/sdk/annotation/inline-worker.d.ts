/** A worker whose script is in the file that imports it. */
declare module '*?worker&inline' {
  const InlineWorker: new () => Worker
  export default InlineWorker
}
