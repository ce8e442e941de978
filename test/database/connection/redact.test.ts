import { inspect } from 'node:util'
import test from 'ava'
import fc from 'fast-check'
import { readConnectionOptions } from '../../../src/database/connection/connection-options.ts'
import { describeConnection } from '../../../src/database/connection/describe-connection.ts'
import { redact, secretsOf } from '../../../src/database/connection/redact.ts'

const surroundings = { env: { HOME: '/nonexistent' }, applicationName: 'sqlbraid' }
const read = (url: string) => readConnectionOptions({ url, source: 'url' }, surroundings)

// Recognisable, whatever odd characters are around.
const password = fc
  .tuple(fc.string({ unit: 'binary' }), fc.constant('S3CR3T'), fc.string())
  .map(parts => parts.join('').replaceAll('\0', ''))

const SPELLINGS: Readonly<Record<string, (password: string) => string>> = {
  'in the url': text => `postgres://u:${encodeURIComponent(text)}@h/d`,
  'in lower-case percent-encoding': text =>
    `postgres://u:${encodeURIComponent(text).replace(/%../g, hex => hex.toLowerCase())}@h/d`,
  'with every byte percent-encoded': text =>
    `postgres://u:${Buffer.from(text).toString('hex').replace(/../g, '%$&')}@h/d`,
  'in the query': text => `postgres://u@h/d?password=${encodeURIComponent(text)}`,
  'in a connection string': text => `host=h user=u dbname=d password='${text.replace(/[\\']/g, '\\$&')}'`,
}

for (const [title, spell] of Object.entries(SPELLINGS)) {
  test(`a password ${title} is read, and never shown`, t => {
    fc.assert(
      fc.property(password, secret => {
        const url = spell(secret)
        const options = read(url)
        t.is(options.password, secret)
        t.is(describeConnection(options), 'd on h:5432 as u')
        for (const text of [url, secret, `failed: ${url} (${secret})`, JSON.stringify({ url, secret })]) {
          const shown = redact(text, secretsOf(options))
          t.false(shown.includes('S3CR3T') || shown.includes('533352335'), shown)
        }
      }),
    )
  })
}

test('an error about a broken url never shows a piece of the password', t => {
  const part = fc.constantFrom(
    'S3CR3T',
    '@',
    ':',
    '/',
    '?',
    '&',
    '=',
    '%',
    '%41',
    "'",
    '\\',
    ' ',
    '[',
    ']',
    ',',
    '#',
  )
  const raw = fc.array(part, { maxLength: 8 }).map(parts => `S3CR3T${parts.join('')}S3CR3T`)
  const forms = [
    (text: string) => `postgres://u@h/d?password=${text}`,
    (text: string) => `host=h user=u password=${text}`,
    (text: string) => `host=h user=u password='${text}'`,
  ]
  fc.assert(
    fc.property(raw, fc.constantFrom(...forms), (text, form) => {
      try {
        read(form(text))
      } catch (error) {
        t.notRegex(inspect(error), /S3CR3T/)
      }
    }),
    { numRuns: 300 },
  )
  t.pass()
})

test('a url without known secrets is redacted by its form', t => {
  t.is(
    redact('at postgres://u:p@ss@h/d?password=x&sslmode=require', []),
    'at postgres://u:****@h/d?password=****&sslmode=require',
  )
  t.is(redact("host=h password = 'a\\'b c' user=u", []), 'host=h password = **** user=u')
  t.is(redact('postgres://u@h/d, a@b', []), 'postgres://u@h/d, a@b')
})

test('a secret that contains another one is masked whole', t => {
  t.is(redact('abcdef', ['cd', 'bcde']), 'a****f')
})

for (const [url, described] of [
  ['postgres://alice:x@db.internal/shop', 'shop on db.internal:5432 as alice'],
  ['postgres://u@[::1]:1,h2/d', 'd on [::1]:1, h2:5432 as u'],
  ['host=/run/pg user=u dbname=d', 'd on /run/pg/.s.PGSQL.5432 as u'],
  ['postgres://u@h/%1b%5B31m%0A', 'd'],
] as const) {
  test(`${url} is described without password and control characters`, t => {
    const text = describeConnection(read(url))
    if (described === 'd') t.notRegex(text, /\p{Cc}/u)
    else t.is(text, described)
  })
}

test('the embedded server is described as such', t => {
  t.is(describeConnection({ kind: 'embedded', database: 'shop' }), 'shop on the embedded server')
})
