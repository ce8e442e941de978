import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { BIN } from '../support/cli.ts'

const BUNDLE = fileURLToPath(new URL('../../cli/', import.meta.url))

/** The files of the bundle that a file loads before anything runs, itself among them. */
function loadedBy(file: string): ReadonlySet<string> {
  const files = new Set([fileURLToPath(new URL(file, `file://${BUNDLE}`))])
  for (const loaded of files) {
    const text = readFileSync(loaded, 'utf8')
    for (const [, specifier = ''] of text.matchAll(/(?<!=>|return )\brequire\("(\.[^"]+)"\)/g))
      files.add(fileURLToPath(new URL(specifier, `file://${loaded}`)))
  }
  return files
}

/** Whether any of the files has the text, which stands in one library only. */
function have(files: ReadonlySet<string>, text: string): boolean {
  return [...files].some(file => readFileSync(file, 'utf8').includes(text))
}

const DRIVER = 'PGTARGETSESSIONATTRS'
const WITH_RUN = 'chunks/run.js'
const RUN = 'and l.granted and l.objsubid = 1'

test('commands that read files only load neither the driver nor what runs revisions', t => {
  for (const command of ['heads', 'branches', 'history', 'show', 'graph', 'init']) {
    const files = loadedBy(`commands/${command}.js`)
    t.true(files.size > 1, command)
    t.false(have(files, RUN), command)
  }
  t.false(have(loadedBy('commands/heads.js'), DRIVER))
  t.true(have(loadedBy('commands/upgrade.js'), DRIVER))
})

test('what runs revisions waits until there are some to run', t => {
  t.false(have(loadedBy('commands/upgrade.js'), RUN))
  t.true(have(loadedBy(WITH_RUN), RUN))
})

test('a start loads few files', t => {
  const start = /require\('\.\.\/dist\/cli\/([^']*)'\)/.exec(readFileSync(BIN, 'utf8'))?.[1] ?? ''
  const filesOf = (command: string) => new Set([...loadedBy(start), ...loadedBy(`commands/${command}.js`)])
  t.is(filesOf('heads').size, 2)
  t.is(filesOf('current').size, 3)
  t.is(filesOf('upgrade').size, 3)
})

test('nothing that a start loads imports a package later, because the compiled code of such a file is not kept', t => {
  for (const file of ['commands/upgrade.js', WITH_RUN]) t.false(have(loadedBy(file), 'import("'), file)
})

test('parts of Node that few starts need wait until they are used', async t => {
  const say = `require(${JSON.stringify(`${BUNDLE}commands/upgrade.js`)}); console.log(process.moduleLoadList.join('\\n'))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', say])
  const loaded = stdout.split('\n')
  t.true(loaded.includes('NativeModule net'))
  for (const part of ['tls', 'crypto', 'child_process', 'fs/promises'])
    t.false(loaded.includes(`NativeModule ${part}`), part)
})
