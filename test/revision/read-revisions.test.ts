import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import test from 'ava'
import type { HeaderKey } from '../../src/revision/header-keys.ts'
import { type RevisionReading, readRevisions } from '../../src/revision/read-revisions.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { withFolder } from './temporary-folder.ts'

const up = (id: string, parents = 'none', rest = '') => `-- revision: ${id}\n-- parents: ${parents}\n${rest}`
const down = (id: string) => `-- revision: ${id}\n`

function ids(reading: RevisionReading): string[] {
  return [...reading.revisions.values()].map(revision => revision.id)
}

/** Problems as `CODE file:line`, with paths relative to the folder. */
function problemsIn(folder: string, reading: RevisionReading): string[] {
  return reading.problems.map(({ code, file, line }) => {
    const place = [file?.replace(`${folder}/`, ''), line].filter(part => part !== undefined).join(':')
    return `${code} ${place}`
  })
}

test('revisions are read from their headers, whatever their files are called', t => {
  const files = {
    'ünï [1] {a,b} *.up.sql': up('b', 'a', '-- message: second\n'),
    'ünï [1] {a,b} *.down.sql': down('b'),
    'deep/er/x.UP.SQL': up('a'),
    'deep/er/x.verify.sql': down('a'),
    'notes.sql': 'not read',
    'x.up.sql.bak': 'not read',
    '.hidden/x.up.sql': 'not read',
    '.x.up.sql': 'not read',
    'node_modules/x.up.sql': 'not read',
  }
  withFolder(files, folder => {
    const reading = readRevisions([folder])
    t.deepEqual(reading.problems, [])
    t.deepEqual(ids(reading), ['a', 'b'])
    t.deepEqual(
      [...reading.revisions.values()].map(({ parts }) => parts),
      [
        { up: join(folder, 'deep/er/x.UP.SQL'), verify: join(folder, 'deep/er/x.verify.sql') },
        { up: join(folder, 'ünï [1] {a,b} *.up.sql'), down: join(folder, 'ünï [1] {a,b} *.down.sql') },
      ],
    )
    t.is([...reading.revisions.values()][1]?.message, 'second')
  })
})

test('a byte order mark and CRLF change nothing', t => {
  const text = `\uFEFF${up('a', 'none', '-- labels: x\n').replaceAll('\n', '\r\n')}`
  withFolder({ 'a.up.sql': text }, folder => {
    const reading = readRevisions([folder])
    t.deepEqual(reading.problems, [])
    t.deepEqual([...reading.revisions.values()][0]?.labels, ['x'])
  })
})

test('an empty folder holds no revisions and is no problem', t => {
  withFolder({}, folder => {
    const reading = readRevisions([folder])
    t.deepEqual(reading.problems, [])
    t.is(reading.revisions.size, 0)
  })
})

test('a folder that is not there, or is a file, is a problem', t => {
  withFolder({ file: '' }, folder => {
    const reading = readRevisions([join(folder, 'gone'), join(folder, 'file')])
    t.deepEqual(problemsIn(folder, reading), ['NO_SUCH_FOLDER gone', 'NO_SUCH_FOLDER file'])
  })
})

test('several folders may hold the same stem, a pattern names several, and none is read twice', t => {
  const files = { 'team-a/x.up.sql': up('a'), 'team-b/x.up.sql': up('b'), 'other/x.up.sql': up('c') }
  withFolder(files, folder => {
    const reading = readRevisions([join(folder, 'team-*'), join(folder, 'team-b'), join(folder, 'other/')])
    t.deepEqual(problemsIn(folder, reading), [])
    t.deepEqual(ids(reading), ['c', 'a', 'b'])
  })
})

test('a folder whose name looks like a pattern is taken by its name', t => {
  withFolder({ 'mig[1]/x.up.sql': up('a'), 'mig1/x.up.sql': up('b') }, folder => {
    t.deepEqual(ids(readRevisions([join(folder, 'mig[1]')])), ['a'])
  })
})

test('migrations inside an installed package are read when they are named', t => {
  withFolder({ 'node_modules/shop/x.up.sql': up('a') }, folder => {
    t.deepEqual(ids(readRevisions([join(folder, 'node_modules/shop')])), ['a'])
  })
})

test('links to files and folders are followed, also in circles, and one that leads nowhere is a problem', t => {
  withFolder({ 'real/a.up.sql': up('a'), 'elsewhere/b.sql': up('b') }, folder => {
    mkdirSync(join(folder, 'linked'))
    symlinkSync('../real', join(folder, 'linked/real'))
    symlinkSync('..', join(folder, 'linked/circle'))
    symlinkSync('../elsewhere/b.sql', join(folder, 'linked/b.up.sql'))
    symlinkSync('nowhere', join(folder, 'linked/c.up.sql'))
    const reading = readRevisions([join(folder, 'linked')])
    t.deepEqual(ids(reading).sort(), ['a', 'b'])
    t.deepEqual(problemsIn(folder, reading), ['UNREADABLE_FILE linked/c.up.sql'])
  })
})

test('everything that is wrong is reported at once, with file and line, and the rest is still read', t => {
  const files = {
    '01.up.sql': up('good'),
    '02.up.sql': up('twice', 'good'),
    '03.up.sql': `\n${up('twice', 'good')}`,
    '04.up.sql': 'CREATE TABLE a (b int);\n-- revision: late\n',
    '05.up.sql': '-- revision: a5\n-- parent: good\n',
    '06.up.sql': '-- revision: a6\n',
    '07.up.sql': '-- parents: none\n',
    '08.up.sql': Buffer.from([...Buffer.from(up('a8')), 0x2d, 0x2d, 0xe9, 0x0a]),
    '09.up.sql': Buffer.from([...Buffer.from(up('a9')), 0x00, 0x0a]),
    '10.down.sql': down('a10'),
    '10.verify.sql': down('a10'),
    '11.up.sql': up('a11'),
    '11.down.sql': '\n-- revision: other\n',
    '12.up.sql': up('a12'),
    '12.down.sql': 'DROP TABLE a;\n',
    '12.verify.sql': '-- message: no revision\n',
    '13.up.sql': up('a13'),
    '13.UP.sql': up('a13b'),
    '14.up.sql': Buffer.from('\uFEFF-- revision: a14', 'utf16le'),
    '15.up.sql': '',
  }
  withFolder(files, folder => {
    const reading = readRevisions([folder])
    t.deepEqual(problemsIn(folder, reading).sort(), [
      'DOWN_WITHOUT_UP 10.down.sql',
      'DUPLICATE_ID 03.up.sql:2',
      'DUPLICATE_STEM 13.up.sql',
      'MISSING_HEADER 04.up.sql:1',
      'MISSING_HEADER 12.down.sql:1',
      'MISSING_HEADER 15.up.sql:1',
      'MISSING_KEY 06.up.sql:1',
      'MISSING_KEY 07.up.sql:1',
      'MISSING_KEY 12.verify.sql:1',
      'MISSPELT_KEY 05.up.sql:2',
      'NOT_UTF8 08.up.sql:3',
      'NOT_UTF8 14.up.sql:1',
      'NUL_BYTE 09.up.sql:3',
      'NUL_BYTE 14.up.sql:1',
      'REVISION_MISMATCH 11.down.sql:2',
      'VERIFY_WITHOUT_UP 10.verify.sql',
    ])
    t.deepEqual(ids(reading), ['good', 'twice', 'a5', 'a6', 'a11', 'a12', 'a13b'])
    t.deepEqual([...reading.revisions.values()].find(({ id }) => id === 'a5')?.parents as unknown, ['good'])
  })
})

test('a duplicate id names both files, and the revision is the one in the first', t => {
  withFolder({ 'a.up.sql': up('x'), 'b.up.sql': up('x') }, folder => {
    const reading = readRevisions([folder])
    t.is(reading.problems[0]?.file, join(folder, 'b.up.sql'))
    t.true(reading.problems[0]?.message.includes(join(folder, 'a.up.sql')))
    t.deepEqual(
      [...reading.revisions.values()].map(({ parts }) => parts.up),
      [join(folder, 'a.up.sql')],
    )
  })
})

test('down and verify headers are left alone where only the up headers are wanted', t => {
  withFolder({ 'a.up.sql': up('a'), 'a.down.sql': 'no header' }, folder => {
    const reading = readRevisions([folder], { headers: 'up' })
    t.deepEqual(reading.problems, [])
    t.is([...reading.revisions.values()][0]?.parts.down, join(folder, 'a.down.sql'))
  })
})

test('the place of a key is its line in the up file, or that of the id', t => {
  withFolder({ 'a.up.sql': `\n${up('a', 'b, c')}` }, folder => {
    const reading = readRevisions([folder])
    const placeOf = (id: string, key: HeaderKey) => reading.placeOf(id as RevisionId, key)
    const file = join(folder, 'a.up.sql')
    t.deepEqual(placeOf('a', 'parents'), { file, line: 3, column: 4 })
    t.deepEqual(placeOf('a', 'labels'), { file, line: 2, column: 4 })
    t.is(placeOf('__proto__', 'parents'), undefined)
  })
})

test('of a long file only the beginning counts here, unless the header is longer', t => {
  const sql = 'SELECT 1;\n'.repeat(10_000)
  const files = {
    'a.up.sql': `${up('a')}${sql}\u0000`,
    'b.up.sql': `${'-- é\n'.repeat(30_000)}${up('b')}${sql}`,
    'c.up.sql': `${up('c')}SELECT '${'é'.repeat(100_000)}';`,
    'd.up.sql': `${up('d')}-- ${'é'.repeat(100_000)}\n-- labels: far\n${sql}`,
  }
  withFolder(files, folder => {
    const reading = readRevisions([folder])
    t.deepEqual(reading.problems, [])
    t.deepEqual(ids(reading), ['a', 'b', 'c', 'd'])
    t.deepEqual([...reading.revisions.values()][3]?.labels, ['far'])
  })
})

test('the 285 revisions of the corpus are read without a problem', t => {
  const corpus = join(process.env['SQLBRAID_CORPORA'] ?? resolve('../shared/corpora'), 'crates.io')
  if (!existsSync(corpus)) {
    t.log(`skipped: there is no corpus at ${corpus}`)
    t.pass()
    return
  }
  const reading = readRevisions([corpus])
  t.deepEqual(reading.problems, [])
  t.is(reading.revisions.size, 285)
  t.is(readdirSync(corpus).filter(name => name.endsWith('.up.sql')).length, 285)
  t.true(
    [...reading.revisions.values()].every(({ parents, message, created }) => parents && message && created),
  )
})
