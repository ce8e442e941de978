import test from 'ava'
import { dollarQuote, psqlArgument, psqlStatement } from '../../src/script/psql-text.ts'
import { splitStatements } from '../../src/script/statements.ts'

for (const [sql, forPsql] of [
  ['select :name, :\'name\', :"name"', 'select \\:name, \\:\'name\', \\:"name"'],
  [
    'select \':name\', $$:name$$, ":name" -- :name\n, 1',
    'select \':name\', $$:name$$, ":name" -- :name\n, 1',
  ],
  ['select a[1:2], b::text, c[x:y]', 'select a[1\\:2], b::text, c[x\\:y]'],
] as const) {
  test(`psql finds no variable in ${JSON.stringify(sql)}`, t => {
    const [statement] = splitStatements(sql)
    t.is(statement && psqlStatement({ text: sql }, statement).text, `${forPsql};\n`)
  })
}

test('the data of a COPY follow it as they are', t => {
  const script = 'copy t from stdin;\n1\t:x\n\\N\t\\\\\n\\.\nselect 1;\n'
  const [copy] = splitStatements(script)
  t.is(copy && psqlStatement({ text: script }, copy).text, 'copy t from stdin;\n1\t:x\n\\N\t\\\\\n\\.\n')
})

test('an argument of a backslash command is one quoted line', t => {
  t.is(psqlArgument("a\nb\\c 'd' :e `f`"), "'a b\\\\c ''d'' :e `f`'")
})

test('a body that holds the quote gets another one', t => {
  t.is(dollarQuote('a'), '$sqlbraid$a$sqlbraid$')
  t.is(dollarQuote(dollarQuote('a')), '$sqlbraid1$$sqlbraid$a$sqlbraid$$sqlbraid1$')
  t.is(dollarQuote('$sqlbraid$sqlbraid1'), '$sqlbraid2$$sqlbraid$sqlbraid1$sqlbraid2$')
})
