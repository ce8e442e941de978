import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { withDatabase } from '../support/database.ts'
import { hasPsql } from '../support/run-psql.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const ID = /(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])/g

interface Example {
  readonly command: string
  /** The lines it prints, with the ids and times of the day they were written. */
  readonly output: readonly string[]
}

test('the examples of docs/branches.md do what the page says', t => runExamples(t, 'branches.md', {}))

test('the examples of docs/offline.md do what the page says', t => {
  if (hasPsql()) {
    return runExamples(t, 'offline.md', {
      'a.up.sql': '-- revision: 910d8c695fa5\n-- parents: none\n-- message: create users\n',
      'a.down.sql': '-- revision: 910d8c695fa5\n',
      'b.up.sql': '-- revision: 0fe114c27be5\n-- parents: 910d8c695fa5\n-- message: add sessions\n',
      'b.down.sql': '-- revision: 0fe114c27be5\n',
    })
  }
  t.log('psql is missing: not tried')
  t.pass()
})

async function runExamples(
  t: ExecutionContext,
  page: string,
  migrations: Readonly<Record<string, string>>,
): Promise<void> {
  const examples = examplesIn(readFileSync(join(ROOT, 'docs', page), 'utf8'))
  const root = mkdtempSync(join(tmpdir(), 'sqlbraid-docs-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'migrations'))
  for (const [name, text] of Object.entries(migrations)) writeFileSync(join(root, 'migrations', name), text)
  writeFileSync(join(root, 'sqlbraid'), `#!/bin/sh\nexec "${process.execPath}" "${ROOT}bin/run.js" "$@"\n`)
  chmodSync(join(root, 'sqlbraid'), 0o755)
  await withDatabase(t, async ({ url }) => {
    const env = { PATH: `${root}:${process.env['PATH']}`, DATABASE_URL: url }
    const real = new Map(
      Object.values(migrations).flatMap(text => (text.match(ID) ?? []).map(id => [id, id])),
    )
    for (const { command, output } of examples) {
      const typed = command.replace(ID, id => real.get(id) ?? id)
      const { stdout } = await promisify(execFile)('sh', ['-ec', typed], { cwd: root, env })
      const left = stdout.split('\n').filter(text => text !== '')
      for (const line of output) takeLine(t, line, left, real)
      t.deepEqual(left, [], `${command} printed more`)
    }
  })
}

function examplesIn(page: string): Example[] {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
  const commands = blocks.flatMap(block => block.split(/^\$ /m).slice(1))
  return commands.map(text => {
    const [command = '', ...output] = text.trimEnd().split('\n')
    return { command, output }
  })
}

/** Finds the line of the page among those left, in any order, and learns which ids its own stand for. */
function takeLine(t: ExecutionContext, line: string, left: string[], real: Map<string, string>): void {
  const names = line.match(ID) ?? []
  const pattern = line
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\d{14}/g, '\\d{14}')
    .replace(ID, id => `(${real.get(id) ?? '[0-9a-f]{12}'})`)
  const at = left.findIndex(text => new RegExp(`^${pattern}$`).test(text))
  t.not(at, -1, `missing: ${line}\nprinted: ${left.join('\n')}`)
  const found = new RegExp(`^${pattern}$`).exec(left.splice(at, 1)[0] ?? '')
  for (const [index, name] of names.entries()) real.set(name, found?.[index + 1] ?? name)
}
