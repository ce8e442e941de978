import { execFileSync } from 'node:child_process'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { temporaryFiles } from '../support/temporary-files.ts'

const CODE_CACHE = fileURLToPath(new URL('../../../bin/code-cache.js', import.meta.url))

/** What the folder's `say.js` prints when its code is kept. */
function run(folder: string, env: NodeJS.ProcessEnv = {}): string {
  const script = `require(${JSON.stringify(CODE_CACHE)}).keepCompiledCode(${JSON.stringify(folder)}); require(${JSON.stringify(join(folder, 'say.js'))})`
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env: { ...process.env, ...env } })
}

function say(folder: string, word: string): void {
  writeFileSync(join(folder, 'say.js'), `process.stdout.write('${word}')`)
}

test('compiled code is kept beside the files, and the next run says the same', t => {
  const folder = temporaryFiles(t, {})
  say(folder, 'one')
  t.is(run(folder), 'one')
  t.deepEqual(readdirSync(join(folder, 'compiled')), [`none-${process.version}-${process.arch}`])
  t.is(run(folder), 'one')
})

test('what the second run compiles besides is kept as well, and then no more', t => {
  const folder = temporaryFiles(t, {})
  const kept = join(folder, 'compiled', `none-${process.version}-${process.arch}`)
  writeFileSync(
    join(folder, 'say.js'),
    'function later() { return "two" }; process.stdout.write(process.env.LATER ? later() : "one")',
  )
  const sizes = [{}, { LATER: 'yes' }, {}].map(env => {
    run(folder, env)
    return statSync(kept)
  })
  t.true((sizes[1]?.size ?? 0) > (sizes[0]?.size ?? 0))
  t.is(sizes[2]?.mtimeMs, sizes[1]?.mtimeMs)
})

test('a file that was changed in its place is compiled anew, also when it has kept its length', t => {
  const folder = temporaryFiles(t, {})
  say(folder, 'one')
  run(folder)
  say(folder, 'two')
  utimesSync(join(folder, 'say.js'), 1, 1)
  t.is(run(folder), 'two')
  t.is(run(folder), 'two')
})

test('kept code that is damaged is not used, and replaced', t => {
  const folder = temporaryFiles(t, {})
  const kept = join(folder, 'compiled', `none-${process.version}-${process.arch}`)
  say(folder, 'one')
  run(folder)
  writeFileSync(kept, 'nothing that V8 would take')
  t.is(run(folder), 'one')
  t.is(run(folder), 'one')
})

test('a file may import a package later', t => {
  const folder = temporaryFiles(t, {})
  writeFileSync(join(folder, 'say.js'), `import("node:path").then(path => process.stdout.write(path.sep))`)
  t.is(run(folder), sep)
  t.is(run(folder), sep)
})

test('where nothing can be written, nothing is kept, and the run goes on', t => {
  const folder = temporaryFiles(t, {})
  say(folder, 'one')
  writeFileSync(join(folder, 'compiled'), 'a file where the folder would be')
  t.is(run(folder), 'one')
  t.deepEqual(readdirSync(folder).sort(), ['compiled', 'say.js'])
})
