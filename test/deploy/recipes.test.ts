import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { withDatabase } from '../support/database.ts'
import { type ProjectFacts, projectFor, TABLES } from '../support/project.ts'

const { load } = createRequire(import.meta.url)('js-yaml') as { load: (yaml: string) => unknown }

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const recipe = (name: string) => fileURLToPath(new URL(`../../../deploy/${name}`, import.meta.url))
const parsed = <T>(name: string) => load(readFileSync(recipe(name), 'utf8')) as T

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program in a project as a deploy would: no terminal, nothing in the environment but what is given. */
async function runIn(
  t: ExecutionContext,
  facts: ProjectFacts,
  command: readonly [string, ...string[]],
): Promise<Outcome> {
  const { root } = projectFor(t, facts)
  const shims = join(root, 'bin')
  mkdirSync(shims)
  const npx = `#!/bin/sh\nshift 2\nexec '${process.execPath}' '${BIN}' "$@"\n`
  writeFileSync(join(shims, 'npx'), npx, { mode: 0o755 })
  const env = {
    PATH: `${shims}:/usr/bin:/bin`,
    SQLBRAID_URL: facts.url,
    SQLBRAID_COMMAND: 'npx --no sqlbraid',
    ...facts.env,
  }
  const [program, ...args] = command
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, stdout, stderr }
}

const MIGRATE = recipe('migrate.sh')

/** The strictest of the shells that are called sh. */
const SHELL = existsSync('/usr/bin/dash') ? '/usr/bin/dash' : '/bin/sh'

test('ShellCheck finds nothing in the scripts', t => {
  const scripts = ['migrate.sh', 'git-hooks/pre-push', 'git-hooks/post-checkout'].map(recipe)
  const { error, status, stdout } = spawnSync('shellcheck', scripts, { encoding: 'utf8' })
  if (error) t.log('skipped: ShellCheck is not installed')
  t.is(error ? 0 : status, 0, stdout)
})

test('migrate.sh migrates, and becomes the command it is given', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const facts = { url, graph: 'a <- b' }
    const command = [SHELL, MIGRATE, 'printf', '%s.', 'one word', '"'] as const
    const { code, stdout, stderr } = await runIn(t, facts, [...command])
    t.is(code, 0, stderr)
    t.regex(stdout, /^Done, 2 revisions: .*\none word\."\.$/)
    t.regex(stderr, /migrate\.sh: the database is up to date/)
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a b')
  })
})

test('of several migrate.sh at once one migrates, and all succeed', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const facts = { url, graph: 'a <- b <- c' }
    const outcomes = await Promise.all([1, 2, 3].map(() => runIn(t, facts, [SHELL, MIGRATE])))
    t.deepEqual(
      outcomes.map(({ code }) => code),
      [0, 0, 0],
      outcomes.map(({ stderr }) => stderr).join('\n'),
    )
    t.is((await sql`select from sqlbraid.event`).length, 3)
  })
})

test('migrate.sh passes the exit code on, says what it means, and does not start the command', async t => {
  await withDatabase(t, async ({ url }) => {
    const command = [SHELL, MIGRATE, 'echo', 'started'] as const
    const failing = runIn(t, { url, graph: 'a', up: { a: 'select 1/0;' } }, [...command])
    const nowhere = 'postgresql:///shop?host=/nonexistent&user=postgres'
    const env = { SQLBRAID_WAIT_FOR_DATABASE: '300ms' }
    const unreachable = runIn(t, { url: nowhere, graph: 'a', env }, [...command])
    const broken = runIn(t, { url, graph: 'a', up: { a: '"' } }, [...command])
    const expected = [
      [failing, EXIT.revisionFailed, /migrate\.sh: a revision failed and was undone/],
      [unreachable, EXIT.noConnection, /waiting for the database: .*migrate\.sh: the database could not be/s],
      [broken, EXIT.usage, /migrate\.sh: wrong configuration, target or revision files/],
    ] as const
    for (const [run, code, message] of expected) {
      const outcome = await run
      t.is(outcome.code, code, outcome.stderr)
      t.regex(outcome.stderr, message)
      t.is(outcome.stdout, '')
    }
  })
})

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>
}

type Pipeline = Readonly<Record<string, { readonly script?: readonly string[] }>>

/** What a job runs of sqlbraid. `heads --max` is shown to work where the git hook is. */
function commandsOf(steps: readonly (string | undefined)[]): readonly string[] {
  const lines = steps.flatMap(step => step?.trim().split('\n') ?? [])
  return lines.filter(line => line.includes('sqlbraid') && !line.includes('heads --max'))
}

test('the jobs of GitHub and GitLab try the history up, down and up, and then have nothing to plan or to mend', async t => {
  const { try: tryJob, plan } = parsed<Workflow>('github-actions.yml').jobs
  const pipeline = parsed<Pipeline>('gitlab-ci.yml')
  const github = [tryJob, plan].flatMap(job => job?.steps.map(({ run }) => run) ?? [])
  const gitlab = [pipeline['migrations:try'], pipeline['migrations:plan']].flatMap(job => job?.script ?? [])
  const commands = commandsOf(github)
  t.deepEqual(commandsOf(gitlab), commands)
  await withDatabase(t, async ({ url, sql }) => {
    const job = commands.join('\n')
    const { code, stdout, stderr } = await runIn(t, { url, graph: 'a <- b' }, [SHELL, '-e', '-c', job])
    t.is(code, 0, stderr)
    t.regex(stdout, /Nothing to do: the database stands at b\.\n/)
    t.is((await sql`select from sqlbraid.event`).length, 6)
  })
})

interface Job {
  readonly kind: string
  readonly spec: {
    readonly podFailurePolicy: {
      readonly rules: readonly [{ readonly onExitCodes: { readonly values: readonly number[] } }]
    }
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string
        readonly containers: readonly [{ readonly command: readonly string[] }]
      }
    }
  }
}

test('the Kubernetes job runs migrate.sh, and tries again only what may pass', t => {
  const { kind, spec } = parsed<Job>('kubernetes-job.yaml')
  t.is(kind, 'Job')
  t.deepEqual(spec.template.spec.containers[0].command, ['/app/deploy/migrate.sh'])
  t.is(spec.template.spec.restartPolicy, 'Never')
  const { failure, locked, noConnection, ...lasting } = EXIT
  const given = spec.podFailurePolicy.rules[0].onExitCodes.values
  for (const code of given) t.true(Object.values(lasting).includes(code as 2))
  for (const code of [failure, locked, noConnection]) t.false(given.includes(code))
})
