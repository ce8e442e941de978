import type { MigrateReport } from '../../actions/migrate.ts'
import { renderStep } from './progress.ts'
import type { Style } from './style.ts'

/** What a run came to; the steps themselves were shown as they were done, unless they are only planned. */
export function renderReport({ steps, heads, target }: MigrateReport, style: Style): string {
  const standsAt = heads.length === 0 ? 'base' : heads.map(style.yellow).join(', ')
  if (steps.length === 0) return `Nothing to do: the database stands at ${standsAt}.`
  if (steps.every(({ state }) => state === 'planned')) {
    const lines = steps.map(
      ({ direction, revision, message = '' }) => `  ${renderStep(direction, revision, message, style)}`,
    )
    return [`Plan for ${target}:`, ...lines, `The database would stand at ${standsAt}.`].join('\n')
  }
  const count = steps.length === 1 ? '1 revision' : `${steps.length} revisions`
  return `Done, ${count}: the database stands at ${standsAt}.`
}
