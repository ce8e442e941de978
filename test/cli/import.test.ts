import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { withCliProject } from '../support/cli.ts'
import { fixtureOf } from '../support/import-project.ts'

test('import shows what it would write, writes it, and answers in JSON', t =>
  withCliProject({ 'migrations/.keep': '' }, async project => {
    const source = fixtureOf('flyway')
    const dry = await project.run(['import', source, '--dry-run'])
    t.is(dry.code, 0, dry.stderr)
    t.regex(dry.stdout, /Would write 5 revisions from flyway\./)
    t.regex(dry.stderr, /note: .*R__user_names\.sql: It is applied once/)
    const { code, json } = await project.run(['import', source, '--json'])
    t.is(code, 0)
    t.like(json, { format: 'flyway', kept: [] })
    const written = readdirSync(join(project.root, 'migrations')).filter(name => name.endsWith('.sql'))
    t.is(written.length, 6)
  }))
