import type { ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { exitCodeOf } from '../../src/cli/exit-codes.ts'
import { SqlbraidError } from '../../src/errors/sqlbraid-error.ts'
import type { Settings } from '../../src/settings/settings.ts'

/** The run fails with this code and exit code, in one sentence that names all this. */
export async function assertRefused(
  t: ExecutionContext,
  settings: Settings,
  expected: { readonly exit: number; readonly code: string; readonly names: readonly string[] },
): Promise<void> {
  const error = await upgrade(settings, { targets: ['heads'] }).then(
    () => undefined,
    failure => failure,
  )
  if (!(error instanceof SqlbraidError)) return t.fail(`not refused: ${error}`)
  t.is(error.code, expected.code, error.message)
  t.is(exitCodeOf(error), expected.exit)
  for (const name of expected.names) t.true(error.message.includes(name), error.message)
}
