import test from 'ava'
import fc from 'fast-check'
import type { SourceScript } from '../../src/import/source-history.ts'
import { translateScript } from '../../src/import/translate-script.ts'
import { expandScript } from '../../src/script/expand.ts'
import { splitStatements } from '../../src/script/statements.ts'

const NO_INCLUDES = () => ({ problems: [] })

function translated(text: string, script: Partial<SourceScript> = {}, isPsql = false) {
  const source = { file: 'a.sql', line: 1, text, ...script }
  return translateScript(source, { isPsql, readInclude: NO_INCLUDES })
}

function codesOf(text: string, script: Partial<SourceScript> = {}, isPsql = false): string[] {
  return translated(text, script, isPsql).findings.map(
    ({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`,
  )
}

test('the transaction around a script goes, with its lines', t => {
  const { text, transaction } = translated('-- why\nBEGIN;\n\nselect 1;\n\nCOMMIT;\n')
  t.deepEqual([text, transaction], ['-- why\n\nselect 1;\n\n', 'on'])
  t.is(translated('start transaction; select 1; end;').text, ' select 1; ')
  t.is(translated("select 'begin;';").text, "select 'begin;';")
})

test('a script that commits in between commits statement by statement, as it did', t => {
  const script = 'begin;\nselect 1;\ncommit;\ncreate index concurrently a on b (c);\n'
  t.deepEqual(
    [translated(script).text, translated(script).transaction],
    ['select 1;\ncreate index concurrently a on b (c);\n', 'off'],
  )
  t.deepEqual(codesOf(script), ['remark SEVERAL_TRANSACTIONS 1:1'])
})

test('a script that undoes what it does is a trial, and anything else a loss', t => {
  const script = 'begin;\nselect 1;\nrollback;\n'
  t.deepEqual(
    [translated(script, { isUndone: true }).text, codesOf(script)],
    ['select 1;\n', ['loss TRANSACTION_CONTROL 1:1']],
  )
})

for (const statement of [
  'create unique index concurrently a on b (c)',
  'drop index concurrently a',
  'reindex index concurrently a',
  'alter table a detach partition b concurrently',
  'vacuum a',
  'create database a',
  "alter system set work_mem = '1GB'",
]) {
  test(`${statement} runs outside a transaction`, t => {
    t.is(translated(`${statement};`).transaction, 'off')
  })
}

test('everything else runs in one', t => {
  t.is(translated('refresh materialized view concurrently a; create index a on b (c);').transaction, 'on')
})

test('placeholders become variables where psql has them', t => {
  const script = { hasPlaceholders: true }
  t.is(
    translated(`grant a to \${b}; select '\${c}', "\${d}", \${e}.f, '$1', $$ x $$; -- \${g}`, script).text,
    `grant a to :b; select :'c', :"d", :e.f, '$1', $$ x $$; -- \${g}`,
  )
  t.deepEqual(codesOf("select 1,\n'a ${b}', ${c}_d, e_${f}, $$ ${g} $$, ${h:-i};", script), [
    'loss UNTRANSLATED_PLACEHOLDER 2:4',
    'loss UNTRANSLATED_PLACEHOLDER 2:11',
    'loss UNTRANSLATED_PLACEHOLDER 2:21',
    'loss UNTRANSLATED_PLACEHOLDER 2:30',
    'loss UNTRANSLATED_PLACEHOLDER 2:39',
  ])
})

test('a script for psql keeps its variables, and loses the commands that a revision cannot have', t => {
  const script = "\\set a b\n\\restrict xyz\nselect :'a';\n\\connect c\n\\ir d.sql\n"
  t.is(translated(script, {}, true).text, "\\set a b\nselect :'a';\n\\connect c\n\\ir d.sql\n")
  t.deepEqual(codesOf(script, {}, true), ['loss BACKSLASH_COMMAND 4:1', 'loss UNTRANSLATED_INCLUDE 5:1'])
})

test('places are those of the file, not of the section', t => {
  t.deepEqual(codesOf("select 1;\nselect 'open", { line: 10 }), ['fault UNCLOSED_STRING 11:8'])
})

const PIECES = [
  ...['select', ' ', '\n', ';', ',', '(', ')', '1', 'a', ':b', ":'c'", ':"d"', '::int', '[1:n]', ':{?e}'],
  ...["'f :g'", "E'\\''", '"h"', '$$ :i; $$', '$j$ ; $j$', '-- :k ;\n', '/* ; */', "':='", ':='],
]

test('of what other tools send as it is, psql sends the same statements', t => {
  const scripts = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map(parts => parts.join(''))
  const variables = new Map(['b', 'c', 'd', 'g', 'i', 'k', 'n'].map(name => [name, 'wrong']))
  fc.assert(
    fc.property(scripts, script => {
      const { text, findings } = translated(script)
      if (findings.length > 0) return
      const expanded = expandScript({ file: 'a.sql', text }, { variables, readInclude: NO_INCLUDES })
      const sent = (sql: string) => splitStatements(sql).map(statement => statement.text)
      t.deepEqual(sent(expanded.text), sent(script))
    }),
  )
})
