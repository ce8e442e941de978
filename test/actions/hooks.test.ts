import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { reapply } from '../../src/actions/reapply.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { projectFor, TABLES } from '../support/project.ts'

const VARIABLES = 'HOOK ACTION TARGET STEPS HEADS ERROR'

/** A configuration whose hooks each append a line to the file `heard`: the variables, with a bar between them. */
function telling(...hooks: readonly string[]): string {
  const values = VARIABLES.split(' ').map(name => `\${SQLBRAID_${name}-}`)
  const command = `printf '%s\\n' "$(printf '%s|' ${values.map(value => `"${value}"`).join(' ')})" >> heard`
  return `[hooks]\n${hooks.map(hook => `${hook} = ${JSON.stringify(command)}`).join('\n')}`
}

const ALL = ['before_upgrade', 'after_upgrade', 'before_downgrade', 'after_downgrade', 'on_failure']

function heard(root: string): string {
  return readFileSync(join(root, 'heard'), 'utf8')
}

test('hooks hear of a run before and after it, and of none that has nothing to do', async t => {
  await withDatabase(t, async ({ url }) => {
    const settings = projectFor(t, { url, graph: 'a <- b', config: telling(...ALL) })
    await upgrade(settings, { targets: ['heads'] })
    await upgrade(settings, { targets: ['heads'] })
    await downgrade(settings, { targets: ['-1'], dryRun: true })
    await downgrade(settings, { targets: ['-1'] })
    t.is(
      heard(settings.root),
      [
        'before_upgrade|upgrade|heads|up a\nup b|||',
        'after_upgrade|upgrade|heads|up a\nup b|b||',
        'before_downgrade|downgrade|-1|down b|b||',
        'after_downgrade|downgrade|-1|down b|a||\n',
      ].join('\n'),
    )
  })
})

test('a run that goes both ways calls the hooks of both, in the order of its steps', async t => {
  await withDatabase(t, async ({ url }) => {
    const settings = projectFor(t, { url, graph: 'a', config: telling(...ALL) })
    await upgrade(settings, { targets: ['heads'] })
    await reapply(settings, { revision: 'a' })
    t.is(
      heard(settings.root).split('\n').slice(2).join('\n'),
      [
        'before_downgrade|reapply|a|down a\nup a|a||',
        'before_upgrade|reapply|a|down a\nup a|a||',
        'after_downgrade|reapply|a|down a\nup a|a||',
        'after_upgrade|reapply|a|down a\nup a|a||\n',
      ].join('\n'),
    )
  })
})

test('a hook knows the run by the id of the log, and the database without its password', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const config = `[hooks]\nafter_upgrade = 'echo "$SQLBRAID_RUN_ID $SQLBRAID_DATABASE $FROM_DOTENV" > heard'`
    const secret = `${url}${url.includes('?') ? '&' : '?'}password=opensesame`
    const settings = projectFor(t, { url: secret, graph: 'a', config, env: { FROM_DOTENV: 'kept' } })
    await upgrade(settings, { targets: ['heads'] })
    const [event] = await sql`select run_id from sqlbraid.event`
    t.true(heard(settings.root).startsWith(`${event?.['run_id']} test_`))
    t.true(heard(settings.root).endsWith(' kept\n'))
    t.false(heard(settings.root).includes('opensesame'))
  })
})

test('a before_ hook that fails stops the run before anything is changed', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const config = `${telling('on_failure')}\nbefore_upgrade = 'exit 7'`
    const settings = projectFor(t, { url, graph: 'a', config })
    const error = await t.throwsAsync(upgrade(settings, { targets: ['heads'] }), { code: 'HOOK_FAILED' })
    t.is(error?.message, 'The hook before_upgrade failed: exit code 7. Nothing was changed.')
    t.deepEqual([...(await sql`select nspname from pg_namespace where nspname = 'sqlbraid'`)], [])
    t.regex(heard(settings.root), /^on_failure\|.*The hook before_upgrade failed/s)
  })
})

test('an after_ hook that fails is an error, and the revisions stay', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const settings = projectFor(t, { url, graph: 'a', config: `[hooks]\nafter_upgrade = 'kill -9 $$'` })
    await t.throwsAsync(upgrade(settings, { targets: ['heads'] }), {
      message: 'The hook after_upgrade failed: ended by SIGKILL. The revisions themselves are done.',
    })
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a')
  })
})

test('on_failure hears of the first error, and never hides it', async t => {
  await withDatabase(t, async ({ url }) => {
    const config = telling('on_failure').replace('>> heard', '>> heard; exit 1')
    const settings = projectFor(t, { url, graph: 'a <- b', up: { b: 'select 1/0;' }, config })
    const warnings: string[] = []
    const listener = { onWarning: (warning: string) => warnings.push(warning) }
    await t.throwsAsync(upgrade(settings, { targets: ['heads'] }, listener), { code: 'REVISION_FAILED' })
    t.true(heard(settings.root).endsWith('|Revision b failed going up: division by zero|\n'))
    t.deepEqual(warnings, ['The hook on_failure failed: exit code 1. The run had failed before.'])
  })
})

test('what a hook is told is data, never shell: quotes, substitutions and length included', async t => {
  const hostile = `'; touch pwned; $(touch pwned) \`touch pwned\` "`
  await withDatabase(t, async ({ url }) => {
    const config = telling('on_failure')
    const long = 'x'.repeat(200_000)
    const up = { a: `do $do$ begin raise exception '%', $quoted$${hostile}${long}$quoted$; end $do$;` }
    const settings = projectFor(t, { url, graph: 'a', up, config })
    await t.throwsAsync(upgrade(settings, { targets: ['heads'] }), { code: 'REVISION_FAILED' })
    t.true(heard(settings.root).includes(hostile))
    t.throws(() => readFileSync(join(settings.root, 'pwned')), { code: 'ENOENT' })
  })
})

test('hooks can be left out', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const settings = projectFor(t, { url, graph: 'a', config: `[hooks]\nbefore_upgrade = 'exit 1'` })
    await upgrade(settings, { targets: ['heads'], skipHooks: true })
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a')
  })
})
