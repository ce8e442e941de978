import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { readHistory } from '../../src/actions/read-history.ts'
import { type ScriptReader, scriptReader } from '../../src/actions/script-reader.ts'
import { withFolder } from '../revision/temporary-folder.ts'

const HEADER = '-- revision: a\n-- parents: none\n\n'

/** A reader that has seen the files of `folder` while their headers were read. */
function readerThatSaw(folder: string): ScriptReader {
  const scripts = readerFor(folder)
  readHistory({ migrations: [folder] }, { onScript: scripts.see })
  return scripts
}

function readerFor(folder: string): ScriptReader {
  return scriptReader({ root: folder, migrations: [folder], operations: folder, vars: {} })
}

/** As docs/format.md has it. */
function checksumOfText(body: string): string {
  return createHash('sha256').update(body.replaceAll('\r\n', '\n').trimEnd()).digest('hex')
}

const anyBody = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r', '\n', '\r\n', ' ', '\uFEFF', '\uFFFD', '\\'),
    ),
  )
  .map(parts => `select ${parts.join('')}`.replaceAll('\0', ''))
  .filter(body => !body.includes('\\i'))

test('what is seen of a script while its header is read has the checksum of its file', t => {
  withFolder({ 'a.up.sql': '' }, folder => {
    const file = join(folder, 'a.up.sql')
    const isSeen = (byteOrderMark: string, body: string) => {
      writeFileSync(file, byteOrderMark + HEADER + body)
      const checksum = checksumOfText(body)
      const scripts = readerThatSaw(folder)
      t.true(readerFor(folder).hasChecksum(file, checksum))
      rmSync(file)
      t.true(scripts.hasChecksum(file, checksum))
    }
    fc.assert(fc.property(fc.constantFrom('', '\uFEFF'), anyBody, isSeen))
  })
})

test('what is seen of a script is what is read of it, whatever becomes of its file', t => {
  withFolder({ 'a.up.sql': `${HEADER}select 1;` }, folder => {
    const file = join(folder, 'a.up.sql')
    const scripts = readerThatSaw(folder)
    writeFileSync(file, `${HEADER}select 2;`)
    t.true(scripts.hasChecksum(file, checksumOfText('select 1;')))
    const { text, checksum } = scripts.read(file)
    t.is(text, `${HEADER}select 1;`)
    t.is(checksum(), checksumOfText('select 1;'))
  })
})

test('of a script that was not seen, the checksum is that of the text beside it', t => {
  withFolder({ 'a.up.sql': `${HEADER}select 1;` }, folder => {
    const file = join(folder, 'a.up.sql')
    const scripts = readerFor(folder)
    t.true(scripts.hasChecksum(file, checksumOfText('select 1;')))
    writeFileSync(file, `${HEADER}select 2;`)
    const { text, checksum } = scripts.read(file)
    t.is(text, `${HEADER}select 2;`)
    t.is(checksum(), checksumOfText('select 2;'))
  })
})

test('more is not kept of a long history than fits, and the rest is read again', t => {
  const text = (id: string) =>
    `-- revision: ${id}\n-- parents: none\n\nselect 0;\n${'-- a\n'.repeat(12_000)}select 1;`
  const ids = Array.from({ length: 300 }, (_, index) => `r${index}`)
  withFolder(Object.fromEntries(ids.map(id => [`${id}.up.sql`, text(id)])), folder => {
    const scripts = readerThatSaw(folder)
    for (const id of ids)
      writeFileSync(join(folder, `${id}.up.sql`), text(id).replace('select 1', 'select 2'))
    const isKept = ids.map(id => scripts.read(join(folder, `${id}.up.sql`)).text.endsWith('select 1;'))
    const kept = isKept.filter(Boolean).length
    t.true(kept > 100 && kept < 300, `${kept} are kept`)
  })
})

test('of a script that includes files, or is too long to be seen as a whole, the checksum is that of the file', t => {
  const long = `select 1;\n${'-- é\n'.repeat(20_000)}select 2;`
  const files = { 'a.up.sql': `${HEADER}\\i b.sql\n`, 'b.sql': 'select 3;\n' }
  withFolder({ ...files, 'c.up.sql': HEADER.replace(': a', ': c') + long }, folder => {
    const scripts = readerThatSaw(folder)
    t.true(scripts.hasChecksum(join(folder, 'a.up.sql'), checksumOfText('select 3;\n')))
    t.false(scripts.hasChecksum(join(folder, 'a.up.sql'), checksumOfText('\\i b.sql\n')))
    t.true(scripts.hasChecksum(join(folder, 'c.up.sql'), checksumOfText(long)))
  })
})
