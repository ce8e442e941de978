import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { RevisionFilesError } from '../../src/errors/revision-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const TWO = {
  a: { up: 'create table a ();', down: 'drop table a;' },
  b: { up: 'create table b ();', down: 'drop table b;', verify: 'select true;' },
}

const BROKEN = {
  'says another revision': ['down', '-- revision: other\n\ndrop table b;\n', 'REVISION_MISMATCH'],
  'has no header': ['down', 'drop table b;\n', 'MISSING_HEADER'],
  'has a faulty header': ['verify', '-- revision: b\n-- lock_timeout: soon\n\nselect 1;\n', 'BAD_TIMEOUT'],
} as const

for (const [what, [part, text, code]] of Object.entries(BROKEN)) {
  test(`a ${part} script that ${what} is found before its revision is run, and not once that is applied`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const { settings, write } = writeProject(t, url, TWO)
      const file = join(settings.root, 'migrations', `b.${part}.sql`)
      await upgrade(settings, { targets: ['a'] })
      writeFileSync(file, text)
      const refused = { code: 'BROKEN_REVISION_FILES' }
      for (const request of [heads, { ...heads, dryRun: true }]) {
        const error = await t.throwsAsync<RevisionFilesError>(upgrade(settings, request), refused)
        t.deepEqual(
          error.problems.map(problem => [problem.code, problem.file]),
          [[code, file]],
        )
      }
      t.is(await appliedIn(sql), 'a')

      write(TWO)
      await upgrade(settings, heads)
      writeFileSync(file, text)
      t.deepEqual((await upgrade(settings, heads)).steps, [])
      await t.throwsAsync(downgrade(settings, { targets: ['-1'] }), refused)
      t.is(await appliedIn(sql), 'a b')
    }))
}
