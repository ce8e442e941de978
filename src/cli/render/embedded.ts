import type { KeptServer } from '../../actions/keep-embedded-server.ts'
import type { Style } from './style.ts'

/** How to reach the embedded server while it is kept up. */
export function renderKeptServer({ url, version, isShared }: KeptServer, style: Style): string {
  return [
    `PostgreSQL ${version} is up: ${style.bold(url)}`,
    `psql '${url.replaceAll("'", '%27')}'`,
    isShared
      ? 'Another command keeps it up, too: it stops with the last of them. Ctrl-C ends this one.'
      : 'Ctrl-C stops it.',
  ].join('\n')
}
