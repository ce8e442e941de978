import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { withFolder } from '../revision/temporary-folder.ts'

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

const up = (id: string, parents: string, more = '') => ({
  [`migrations/${id}.up.sql`]: `-- revision: ${id}\n-- parents: ${parents}\n-- message: add ${id}\n${more}\nselect 1;\n`,
})
const FORK = { ...up('a', 'none'), ...up('b', 'a', '-- labels: billing\n'), ...up('c', 'a') }

function run(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env
  const options = { cwd, env: { PATH, ...env }, encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], options)
  return { status, stdout, stderr }
}

test('history --graph draws with lines in a UTF-8 locale, and in ASCII elsewhere; neither needs a database', t => {
  withFolder(FORK, folder => {
    t.deepEqual(run(folder, ['history', '--graph'], { LANG: 'en_US.utf8' }), {
      status: 0,
      stdout: '●  c (head), add c\n│ ●  b (billing) (head), add b\n├─╯\n●  a (branch point), add a\n',
      stderr: '',
    })
    const ascii = '*  c (head), add c\n| *  b (billing) (head), add b\n+-/\n*  a (branch point), add a\n'
    t.is(run(folder, ['history', '--graph'], { LANG: 'en_US.utf8', LC_ALL: 'C' }).stdout, ascii)
  })
})

test('heads --max exits with 7 when there are more heads, and says how to have fewer', t => {
  withFolder(FORK, folder => {
    const { status, stdout, stderr } = run(folder, ['heads', '--max', '1'])
    t.is(status, 7)
    t.is(stdout, 'b (billing) (head), add b\nc (head), add c\n')
    t.regex(stderr, /2 heads, where 1 at most may be: b, c\.\ntry: sqlbraid merge b c\n/)
    t.is(run(folder, ['heads', '--max', '2', '--json']).status, 0)
  })
})

test('graph --format json prints the same document as --json', t => {
  withFolder(FORK, folder => {
    const formatted = run(folder, ['graph', '--format', 'json'])
    t.deepEqual(JSON.parse(formatted.stdout), JSON.parse(run(folder, ['graph', '--json']).stdout))
  })
})

test('a reader that leaves early is no error', t => {
  const chain = Array.from({ length: 2000 }, (_, index) =>
    up(`r${index}`, index === 0 ? 'none' : `r${index - 1}`, `-- author: ${'x'.repeat(60)}\n`),
  )
  withFolder(Object.assign({}, ...chain), folder => {
    const piped = `"${process.execPath}" "${BIN}" history --graph --verbose --quiet 2>errors | head -n 1`
    t.regex(execFileSync('sh', ['-c', piped], { cwd: folder, encoding: 'utf8' }), /r1999 \(head\)/)
    t.is(readFileSync(join(folder, 'errors'), 'utf8'), '')
  })
})
