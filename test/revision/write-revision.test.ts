import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import {
  BrokenNewRevisionError,
  FilesNotWrittenError,
  RevisionFileExistsError,
  UnreadableTemplateError,
} from '../../src/errors/revision-errors.ts'
import { formatInstant, type NewRevision, newRevisionId } from '../../src/revision/new-revision.ts'
import { readRevisions } from '../../src/revision/read-revisions.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { createFiles } from '../../src/revision/write-files.ts'
import { writeRevision } from '../../src/revision/write-revision.ts'
import { withFolder } from './temporary-folder.ts'

const id = (text: string) => text as RevisionId

function newRevision(folder: string, change: Partial<NewRevision> = {}): NewRevision {
  const header = {
    revision: id('4f1c2ab39d07'),
    parents: [id('9a0b1c2d3e4f')],
    message: 'Add invoices',
    created: '2026-11-22T12:05:00Z',
  }
  return { folder, fileTemplate: '{timestamp}_{revision}_{slug}', header, ...change }
}

test('a new revision is a pair of files that is read back as what was written', t => {
  withFolder({}, folder => {
    const parts = writeRevision(newRevision(folder, { up: 'SELECT 1;', down: 'SELECT 2;\n\n' }))
    const stem = join(folder, '20261122120500_4f1c2ab39d07_add_invoices')
    t.deepEqual(parts, { up: `${stem}.up.sql`, down: `${stem}.down.sql` })
    t.is(
      readFileSync(parts.up, 'utf8'),
      `-- revision: 4f1c2ab39d07
-- parents: 9a0b1c2d3e4f
-- message: Add invoices
-- created: 2026-11-22T12:05:00Z

SELECT 1;
`,
    )
    t.is(readFileSync(`${stem}.down.sql`, 'utf8'), '-- revision: 4f1c2ab39d07\n\nSELECT 2;\n')
    const { revisions, problems } = readRevisions([folder])
    t.deepEqual(problems, [])
    t.is([...revisions.values()][0]?.message, 'Add invoices')
    t.is(readdirSync(folder).length, 2)
  })
})

test('without SQL the files hold a comment that invites to write it, also those of a merge', t => {
  withFolder({}, folder => {
    const revision = newRevision(folder)
    const merge = { ...revision.header, revision: id('m'), parents: [id('a'), id('b')] }
    for (const change of [{}, { header: merge }]) {
      const { up, down = '' } = writeRevision({ ...revision, ...change })
      t.regex(readFileSync(up, 'utf8'), /\n\n-- [^\n]*SQL/)
      t.regex(readFileSync(down, 'utf8'), /\n\n-- [^\n]*undo/i)
    }
    t.deepEqual(readRevisions([folder]).problems, [])
  })
})

test('both scripts say when they run outside a transaction; an irreversible revision has no down', t => {
  withFolder({}, folder => {
    const { header } = newRevision(folder)
    const off = writeRevision(newRevision(folder, { header: { ...header, transaction: 'off' } }))
    t.regex(readFileSync(off.down ?? '', 'utf8'), /^-- transaction: off$/m)
    const gone = { ...header, revision: id('x'), irreversible: 'data are gone' }
    t.is(writeRevision(newRevision(folder, { header: gone })).down, undefined)
  })
})

test('a message of several lines cannot break out of the header', t => {
  withFolder({}, folder => {
    const header = { ...newRevision(folder).header, message: 'x\nDROP TABLE a;\r-- labels: evil' }
    writeRevision(newRevision(folder, { header }))
    const { revisions, problems } = readRevisions([folder])
    t.deepEqual(problems, [])
    t.is([...revisions.values()][0]?.message, 'x DROP TABLE a; -- labels: evil')
    t.deepEqual([...revisions.values()][0]?.labels, [])
  })
})

test('a bad id or label is refused before anything is written', t => {
  withFolder({}, folder => {
    const { header } = newRevision(folder)
    for (const change of [{ revision: id('../x') }, { parents: [id('head')] }, { labels: ['a b', 'c d'] }]) {
      const revision = newRevision(folder, { header: { ...header, ...change } })
      const error = t.throws(() => writeRevision(revision), { instanceOf: BrokenNewRevisionError })
      t.true(error?.problems.every(({ code }) => code === 'BAD_IDENTIFIER'))
    }
    t.deepEqual(readdirSync(folder), [])
  })
})

for (const taken of [
  '20261122120500_4f1c2ab39d07_add_invoices.up.sql',
  '20261122120500_4f1c2ab39d07_ADD_invoices.DOWN.sql',
  '20261122120500_4f1c2ab39d07_add_invoices.verify.sql',
]) {
  test(`nothing is written where ${taken} is there already`, t => {
    withFolder({ [taken]: 'mine' }, folder => {
      const error = t.throws(() => writeRevision(newRevision(folder)), {
        instanceOf: RevisionFileExistsError,
      })
      t.is(error?.file, join(folder, taken))
      t.deepEqual(readdirSync(folder), [taken])
      t.is(readFileSync(join(folder, taken), 'utf8'), 'mine')
    })
  })
}

test('of files that cannot all be created none is left, and nothing is overwritten', t => {
  withFolder({ 'b.sql': 'mine' }, folder => {
    const files = ['a.sql', 'b.sql', 'c.sql'].map(name => ({ path: join(folder, name), text: 'new' }))
    t.throws(() => createFiles(files), { instanceOf: RevisionFileExistsError })
    t.deepEqual(readdirSync(folder), ['b.sql'])
    t.is(readFileSync(join(folder, 'b.sql'), 'utf8'), 'mine')
  })
})

test('a folder that cannot be made is an error that names the file and keeps the cause', t => {
  withFolder({ file: '' }, folder => {
    const revision = newRevision(join(folder, 'file', 'inner'))
    const error = t.throws(() => writeRevision(revision), { instanceOf: FilesNotWrittenError })
    t.is(error?.code, 'FILES_NOT_WRITTEN')
    t.truthy(error?.cause)
    t.deepEqual(readdirSync(folder), ['file'])
  })
})

test('subfolders of the file template are made', t => {
  withFolder({}, folder => {
    const { up } = writeRevision(newRevision(folder, { fileTemplate: '{year}/{month}/{slug}' }))
    t.is(up, join(folder, '2026/11/add_invoices.up.sql'))
    t.is(readRevisions([folder]).revisions.size, 1)
  })
})

test("the user's own template gives header and body", t => {
  const template = `-- author: Team Data
{header}
-- ticket: ?

SET search_path = shop; -- {message} ({revision} on {parents}) {unknown} '{1,2}'
{body}
`
  withFolder({ 'templates/new.up.sql': template, 'templates/new.down.sql': 'RESET ALL;\n' }, folder => {
    const file = join(folder, 'templates/new.up.sql')
    const parts = writeRevision(
      newRevision(join(folder, 'migrations'), { template: file, up: 'SELECT $1, $$;' }),
    )
    t.is(
      readFileSync(parts.up, 'utf8'),
      `-- author: Team Data
-- revision: 4f1c2ab39d07
-- parents: 9a0b1c2d3e4f
-- message: Add invoices
-- created: 2026-11-22T12:05:00Z
-- ticket: ?

SET search_path = shop; -- Add invoices (4f1c2ab39d07 on 9a0b1c2d3e4f) {unknown} '{1,2}'
SELECT $1, $$;
`,
    )
    t.is(readFileSync(parts.down ?? '', 'utf8'), '-- revision: 4f1c2ab39d07\n\nRESET ALL;\n')
    t.is([...readRevisions([join(folder, 'migrations')]).revisions.values()][0]?.author, 'Team Data')
  })
})

test('SQL that was given goes to the end of a template that has no place for it', t => {
  withFolder({ template: 'SET ROLE owner;\n' }, folder => {
    const revision = newRevision(folder, { template: join(folder, 'template'), up: 'SELECT 1;' })
    t.regex(readFileSync(writeRevision(revision).up, 'utf8'), /Z\n\nSET ROLE owner;\n\nSELECT 1;\n$/)
  })
})

test('a template that would break the file is refused, and so is one that cannot be read', t => {
  const files = { late: 'SELECT 1;\n{header}\n', twice: '-- revision: x\n', binary: Buffer.from([0xff]) }
  withFolder(files, folder => {
    for (const name of ['late', 'twice']) {
      const revision = newRevision(join(folder, 'migrations'), { template: join(folder, name) })
      t.throws(() => writeRevision(revision), { instanceOf: BrokenNewRevisionError })
    }
    for (const name of ['binary', 'gone']) {
      const revision = newRevision(join(folder, 'migrations'), { template: join(folder, name) })
      t.throws(() => writeRevision(revision), { instanceOf: UnreadableTemplateError })
    }
    t.false(existsSync(join(folder, 'migrations')))
  })
})

test('leftovers of an interrupted run are not read as revisions', t => {
  withFolder({ '.sqlbraid-0123456789ab.tmp': 'half' }, folder => {
    mkdirSync(join(folder, 'empty'))
    writeFileSync(join(folder, 'readme.md'), '')
    t.deepEqual(readRevisions([folder]).problems, [])
  })
})

test('a new id is 12 lower-case hex digits, another each time; an instant has no fraction', t => {
  t.regex(newRevisionId(), /^[0-9a-f]{12}$/)
  t.is(new Set(Array.from({ length: 100 }, newRevisionId)).size, 100)
  t.is(formatInstant(new Date(Date.UTC(2026, 10, 22, 12, 5, 9, 999))), '2026-11-22T12:05:09Z')
})
