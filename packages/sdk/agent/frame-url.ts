/** What the server's `/replica` says in its header, as far as a document can say it itself. */
const POLICY = (origin: string) =>
  [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src data: blob: ${origin}`,
    `font-src data: ${origin}`,
    `media-src data: ${origin}`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')

/** The address of the inert document that a replica lives in. The server's own one where the agent's page comes from
 *  that server. A page of another origin could not reach into that, so it gets a document of its own origin with the
 *  same policy; the sandbox without scripts is the same for both. */
export function replicaFrameUrl(origin: string): string {
  if (location.origin === origin) return `${origin}/replica`
  const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY(origin)}">`
  const page = `<!DOCTYPE html><html><head>${policy}</head><body></body></html>`
  return URL.createObjectURL(new Blob([page], { type: 'text/html' }))
}
