import test from 'ava'
import fc from 'fast-check'
import { BadFileTemplateError } from '../../src/errors/revision-errors.ts'
import { formatStem, slugOf } from '../../src/revision/file-name.ts'

const NAMED = { revision: '4f1c2ab39d07', message: 'Add invoices', created: '2026-11-22T12:05:09Z' }

test('the default stem is time, id and slug', t => {
  t.is(formatStem('{timestamp}_{revision}_{slug}', NAMED), '20261122120509_4f1c2ab39d07_add_invoices')
})

test('a template may make subfolders and take dates apart', t => {
  t.is(formatStem('{year}/{month}/{day} {slug}', NAMED), '2026/11/22 add_invoices')
})

test('an empty slug leaves no separator behind', t => {
  t.is(
    formatStem('{timestamp}_{revision}_{slug}', { ...NAMED, message: ' !? ' }),
    '20261122120509_4f1c2ab39d07',
  )
})

for (const template of [
  '{rev}',
  '{constructor}',
  '',
  '../{slug}',
  '/{slug}',
  '.{slug}',
  'a//b',
  'a\\{slug}',
]) {
  test(`the file template ${JSON.stringify(template)} is refused`, t => {
    const error = t.throws(() => formatStem(template, NAMED), { instanceOf: BadFileTemplateError })
    t.is(error?.code, 'BAD_FILE_TEMPLATE')
    t.is(error?.template, template)
  })
}

for (const [message, slug] of [
  ['Add invoices', 'add_invoices'],
  ["Café: don't DROP `ﬁles`", 'cafe_don_t_drop_files'],
  ['Добавить счёт й', 'добавить_счёт_й'],
  ['が を', 'が_を'],
  ['../../etc/passwd', 'etc_passwd'],
  ['$(rm -rf /); \u001b[31m', 'rm_rf_31m'],
  ['one two three four five six seven eight nine ten', 'one_two_three_four_five_six_seven_eight'],
  ['x'.repeat(50), 'x'.repeat(40)],
  ['🐘', ''],
] as const) {
  test(`the slug of ${JSON.stringify(message)} is ${JSON.stringify(slug)}`, t => {
    t.is(slugOf(message), slug)
  })
}

test('a slug is always a short, plain piece of a file name', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), message => {
      t.regex(slugOf(message), /^[\p{L}\p{M}\p{N}_]*$/u)
      t.true([...slugOf(message)].length <= 40)
    }),
  )
  t.pass()
})
