import test from 'ava'
import { indexBuiltConcurrently } from '../../src/script/index-statement.ts'

const named: readonly (readonly [statement: string, index: string, table: string])[] = [
  ['create index concurrently i on t (a)', 'i', 't'],
  ['CREATE UNIQUE INDEX CONCURRENTLY I ON ONLY S.T USING btree (a)', 'i', 'S.T'],
  [
    'create index concurrently if not exists "My ""Index""" on "My Schema"."T" (a)',
    'My "Index"',
    '"My Schema"."T"',
  ],
  ['create /* now */ index -- soon\n concurrently i on t(a)', 'i', 't'],
]

for (const [statement, index, table] of named) {
  test(`the index and its table are read from: ${statement}`, t => {
    t.deepEqual(indexBuiltConcurrently(statement), { index, table })
  })
}

for (const statement of [
  'create index i on t (a)',
  'create index concurrently on t (a)',
  'drop index concurrently i',
  'create table index_concurrently ()',
  'reindex index concurrently i',
  '',
]) {
  test(`no index of a known name is built by: ${statement}`, t => {
    t.is(indexBuiltConcurrently(statement), undefined)
  })
}
