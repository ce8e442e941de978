import type { ServerFacts } from '../../database/login.ts'
import { renderDuration } from './duration.ts'
import { printable, printableLine } from './printable.ts'

/** To whom a session is: `connected: PostgreSQL 18.4, database shop, user alice`. */
export function renderServer({ version, database, user, isStandby, isReadOnly }: ServerFacts): string {
  const kind = isStandby ? ', a standby' : isReadOnly ? ', read-only' : ''
  return printableLine(`connected: PostgreSQL ${version}, database ${database}, user ${user}${kind}`)
}

/** A round trip in one line: its time, and how each statement begins. */
export function renderRoundTrip(texts: readonly string[], durationMs: number): string {
  const shown = texts.map(opening)
  const between = texts.length - SHOWN_AT_START - 1
  if (between > 1) shown.splice(SHOWN_AT_START, between, `${between} more`)
  return `  ${renderDuration(durationMs).padStart(8)}  ${printable(shown.join('; '))}`
}

/** A revision begins with six statements that are not its own. */
const SHOWN_AT_START = 12

/** The first words only: what follows may be long, and hold a password (`create role … password`). */
function opening(text: string): string {
  const words = text.replace(/--[^\n]*|\/\*.*?\*\//gs, ' ').match(/\S+/g) ?? []
  const isLonger = words.length > SHOWN_WORDS
  return `${words.slice(0, SHOWN_WORDS).join(' ').slice(0, 60).replace(/;$/, '')}${isLonger ? ' …' : ''}`
}

const SHOWN_WORDS = 3
