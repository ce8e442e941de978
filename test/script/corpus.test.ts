import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import test, { type ExecutionContext } from 'ava'
import { splitStatements } from '../../src/script/statements.ts'
import { isParsed, parsedExtents } from './real-parser.ts'

const corpus = join(process.env['SQLBRAID_CORPORA'] ?? join('..', 'shared', 'corpora'), 'crates.io')

function readCorpus(t: ExecutionContext): readonly { readonly file: string; readonly script: string }[] {
  if (existsSync(corpus)) {
    const files = readdirSync(corpus).filter(file => file.endsWith('.sql'))
    return files.map(file => ({ file, script: readFileSync(join(corpus, file), 'utf8') }))
  }
  t.log(`skipped: there is no corpus in ${corpus}`)
  t.pass()
  return []
}

test("every script of the corpus is cut where PostgreSQL's parser cuts it", t => {
  for (const { file, script } of readCorpus(t)) {
    const statements = splitStatements(script)
    if (isParsed(script)) {
      const extents = statements.map(({ start, end }) => ({ start, end }))
      t.deepEqual(extents, parsedExtents(script), file)
    } else {
      t.false(
        statements.every(({ text }) => isParsed(text)),
        `${file}: a broken script has a broken statement`,
      )
    }
  }
})

test('every statement of a script is cut the same with CRLF line ends', t => {
  for (const { file, script } of readCorpus(t)) {
    const texts = splitStatements(script.replaceAll('\n', '\r\n')).map(({ text }) =>
      text.replaceAll('\r\n', '\n'),
    )
    const expected = splitStatements(script).map(({ text }) => text)
    t.deepEqual(texts, expected, file)
  }
})
