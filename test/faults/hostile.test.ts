import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { cleanEnvironment, withCliProject } from '../support/cli.ts'
import { withDatabase } from '../support/database.ts'

/** Ends strings, identifiers, dollar quotes and comments, starts commands of a shell, and clears a terminal. */
const HOSTILE = `'; drop table victim; --"; \\'$$ $(touch pwned) \`touch pwned\` */ \u001b[2J\u001b]0;title\u0007\r\u0085\u009b31m`
const CONTROL = /\p{Cc}/u

test('names, messages, files and variables from hostile hands are only ever names', t =>
  withDatabase(t, async ({ url, sql }) => {
    await sql`create table victim ()`
    const printable = HOSTILE.replaceAll(/\p{Cc}/gu, '')
    const schema = printable.slice(0, 50)
    const stem = `it's; "$(touch pwned)" $$ \u001b[31m`
    const files = {
      'sqlbraid.toml': [
        `ledger_schema = ${JSON.stringify(schema)}`,
        `application_name = ${JSON.stringify(HOSTILE)}`,
        '[vars]',
        `hostile = ${JSON.stringify(HOSTILE)}`,
        '[hooks]',
        'before_upgrade = \'printf "%s" "$SQLBRAID_TARGET$SQLBRAID_DATABASE" > /dev/null\'',
      ].join('\n'),
      [`migrations/${stem}.up.sql`]: `-- revision: a\n-- parents: none\n-- message: ${printable}\n\ncreate table noted as select :'hostile'::text as literal;\ncreate table :"hostile" ();\n`,
      [`migrations/${stem}.down.sql`]: '-- revision: a\n\ndrop table noted;\ndrop table :"hostile";\n',
    }
    await withCliProject(files, async project => {
      const run = async (...args: readonly string[]) => {
        const answer = await project.run([...args, '--url', url], { env: cleanEnvironment() })
        for (const text of [answer.stdout, answer.stderr])
          t.notRegex(text.replaceAll('\n', ''), CONTROL, args.join(' '))
        return answer
      }
      const up = await run('upgrade', 'heads')
      t.is(up.code, 0, up.stderr)
      const [row] = await sql`select literal from noted`
      t.is(row?.['literal'], HOSTILE)
      for (const args of [['status'], ['history', '-i'], ['show', 'a', '-i'], ['log'], ['current']]) {
        const answer = await run(...args)
        t.is(answer.code, 0, answer.stderr)
      }
      t.not((await run('upgrade', HOSTILE)).code, 0)
      const down = await run('downgrade', 'base')
      t.is(down.code, 0, down.stderr)
      t.false(existsSync(join(project.root, 'pwned')))
      t.is((await sql`select from pg_tables where tablename = 'victim'`).length, 1)
      t.is((await sql`select from pg_namespace where nspname = ${schema}`).length, 1)
    })
  }))
