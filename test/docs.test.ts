import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { EXIT, exitCodeOf } from '../src/cli/exit-codes.ts'
import { SqlbraidError } from '../src/errors/sqlbraid-error.ts'
import { checksumOf } from '../src/revision/body-checksum.ts'
import { HEADER_KEYS } from '../src/revision/header-keys.ts'
import { parseScript } from '../src/revision/script-file.ts'
import { KEY_NAMES, KEYS } from '../src/settings/keys.ts'
import { withDatabase } from './support/database.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesIn('docs', '.md')]

function filesIn(folder: string, end: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(end))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** The cells of all rows of all tables of a document. */
function rowsOf(document: string): string[][] {
  const rows = read(document).match(/^\|.*\|$/gm) ?? []
  return rows.map(row =>
    row
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  )
}

function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, code = '']) => code)
}

/** The codes that a source file gives to errors or problems. */
function codesOf(file: string): string[] {
  const text = read(file)
  const literals = [
    ...text.matchAll(/(?<=\bcode(?: =|:) )'([A-Z]+)'|'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|BUG|USAGE)'/g),
  ]
  const isCatalogue = file.startsWith('src/errors/') || file === 'src/cli/exit-codes.ts'
  const keys = isCatalogue ? [...text.matchAll(/^ {2}([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): /gm)] : []
  return [...literals, ...keys].map(([, code, otherwise]) => code ?? otherwise ?? '')
}

/** Names of environment variables, of a file, and of the system's own errors. */
const NOT_CODES = /^(SQLBRAID_|DATABASE_URL$|PG|LC_|ETIMEDOUT$|CONNECTION_CLOSED$)/

test('every code of an error or a problem is documented, and none that is not there', t => {
  const inSource = filesIn('src', '.ts').flatMap(codesOf)
  const codes = new Set(inSource.filter(code => !NOT_CODES.test(code)))
  const documented = new Set(
    ['docs/errors.md', 'docs/format.md'].flatMap(rowsOf).flatMap(([cell = '']) => codesIn(cell)),
  )
  t.deepEqual(
    [...codes].filter(code => !documented.has(code)),
    [],
    'not documented',
  )
  t.deepEqual(
    [...documented].filter(code => !codes.has(code)),
    [],
    'documented, but not there',
  )
})

class AnyError extends SqlbraidError {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

test('every error is documented with its own exit code', t => {
  const rows = rowsOf('docs/errors.md').filter(([codes = '', exit = '']) => codes !== '' && /^\d$/.test(exit))
  const errors = rows.flatMap(([codes = '', exit]) => codesIn(codes).map(code => [code, exit] as const))
  t.true(errors.length > 40)
  for (const [code, exit] of errors.filter(([code]) => code !== 'USAGE')) {
    t.is(exitCodeOf(new AnyError(code)), Number(exit), code)
  }
})

test('all exit codes are documented, and all that are mapped have a row', t => {
  const rows = rowsOf('docs/errors.md')
  const exits = rows.filter(([exit = '']) => /^\d+$/.test(exit)).map(([exit]) => Number(exit))
  t.deepEqual(exits, Object.values(EXIT))
  const withExit = new Set(
    rows.filter(([, exit = '']) => /^\d$/.test(exit)).flatMap(([cell = '']) => codesIn(cell)),
  )
  t.deepEqual(
    codesOf('src/cli/exit-codes.ts').filter(code => !withExit.has(code)),
    [],
  )
})

test('every setting is documented with its default, and none that is not there', t => {
  const rows = rowsOf('docs/configuration.md').filter(([key = '']) => /^`\w+`$/.test(key))
  const documented = rows.map(([key, value]) => [key, value])
  const expected = KEY_NAMES.map(name => {
    const key = KEYS[name]
    return [`\`${name}\``, 'default' in key ? `\`${JSON.stringify(key.default)}\`` : '']
  })
  t.deepEqual(documented, expected)
})

test('every key of a header is documented', t => {
  const documented = rowsOf('docs/format.md').map(([key]) => key)
  t.deepEqual(
    HEADER_KEYS.filter(key => !documented.includes(`\`${key}\``)),
    [],
  )
})

test('links in the documents lead somewhere', t => {
  for (const document of DOCUMENTS) {
    for (const [, link = ''] of read(document).matchAll(/\]\(([^)]+)\)/g)) {
      if (/^https:/.test(link)) continue
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? document : join(dirname(document), path)
      t.true(existsSync(join(ROOT, target)), `${document}: ${link}`)
      if (anchor !== undefined) t.true(anchorsOf(target).includes(anchor), `${document}: ${link}`)
    }
  }
})

/** The anchors that GitHub gives to headings. */
function anchorsOf(document: string): string[] {
  const headings = read(document).match(/^#+ .*$/gm) ?? []
  return headings.map(heading =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test('the scripts that the README shows are those of the example', t => {
  const files = filesIn('migrations', '.sql').map(file => read(file))
  const shown = [...read('README.md').matchAll(/```sql\n(-- revision:.*?)```/gs)]
  t.true(shown.length > 0)
  for (const [, script = ''] of shown) t.true(files.includes(script), script)
})

test('the checksum in the description of the format is that of its example', t => {
  const format = read('docs/format.md')
  const [, script = ''] = /```sql\n(-- revision:.*?)```/s.exec(format) ?? []
  const { bodyStart } = parseScript(script, 'docs/format.md')
  t.true(format.includes(`\`${checksumOf({ text: script.slice(bodyStart) })}\``))
})

interface Exchange {
  readonly command: string
  readonly output: string
}

function exchangesIn(document: string): Exchange[] {
  const blocks = [...read(document).matchAll(/```console\n(.*?)```/gs)]
  return blocks.flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map(exchange => {
        const [command = '', ...output] = exchange.split('\n')
        return { command, output: output.join('\n') }
      }),
  )
}

/** Runs a line as the README shows it; gives what a terminal would show. */
function runLine(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const sqlbraid = `sqlbraid() { '${process.execPath}' '${ROOT}bin/run.js' "$@" 2>&1; }; ${command}`
  return new Promise(resolve => {
    execFile('sh', ['-c', sqlbraid], { cwd, env }, (_, stdout) => resolve(stdout))
  })
}

const EXAMPLE_IDS = new Set(filesIn('migrations', '.up.sql').map(file => file.split('_')[1]))

/** The lines without what differs from run to run; sorted, because between siblings of one second their ids decide. */
function comparable(output: string): string[] {
  return output
    .trimEnd()
    .replaceAll(/^database: .*$/gm, 'database: …')
    .replaceAll(/\d+(\.\d+)? m?s$/gm, '…')
    .replaceAll(/\d{14}/g, '…')
    .replaceAll(/(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/g, id => (EXAMPLE_IDS.has(id) ? id : '…'))
    .split('\n')
    .sort()
}

test('the README shows what its commands print', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-readme-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const name of ['migrations', 'operations', 'sqlbraid.toml']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  }
  await withDatabase(t, async ({ url }) => {
    const exchanges = exchangesIn('README.md')
    t.true(exchanges.length > 5)
    for (const { command, output } of exchanges) {
      const printed = await runLine(command, folder, { PATH: process.env['PATH'], SQLBRAID_URL: url })
      t.deepEqual(comparable(printed), comparable(output), command)
    }
  })
})
