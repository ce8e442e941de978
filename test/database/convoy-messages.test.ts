import test from 'ava'
import fc from 'fast-check'
import { encode, WordReader } from '../../src/database/convoy/messages.ts'

interface Message {
  readonly type: string
  readonly body: Buffer
}

const message: fc.Arbitrary<Message> = fc.record({
  type: fc.constantFrom('1', '2', 'C', 'D', 'E', 'N', 'T', 'Z'),
  body: fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
})

function bytesOf({ type, body }: Message): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1')
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

function read(words: WordReader): Message[] {
  const messages: Message[] = []
  for (let type = words.next(); type; type = words.next()) messages.push({ type, body: words.body() })
  return messages
}

test('messages are the same wherever what arrives is cut', t => {
  const cuts = fc.array(fc.nat(200), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), cuts, (messages, lengths) => {
      const all = Buffer.concat(messages.map(bytesOf))
      const words = new WordReader()
      const found: Message[] = []
      let from = 0
      for (const length of [...lengths, all.length]) {
        words.take(all.subarray(from, from + length))
        from = Math.min(from + length, all.length)
        found.push(...read(words).map(({ type, body }) => ({ type, body: Buffer.from(body) })))
      }
      t.deepEqual(found, messages)
      t.is(words.rest().length, 0)
    }),
  )
})

test('what no message was made of is left for others', t => {
  const words = new WordReader()
  words.take(Buffer.concat([bytesOf({ type: 'Z', body: Buffer.from('I') }), Buffer.from('S\0')]))
  t.is(words.next(), 'Z')
  words.take(Buffer.from('\0\0'))
  t.deepEqual(words.rest(), Buffer.from('S\0\0\0'))
})

test('statements travel as Parse, Bind and Execute, with the lengths that the server reads', t => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ text: fc.string({ unit: 'binary' }), isAsked: fc.boolean() })),
      statements => {
        const words = new WordReader()
        words.take(encode(statements, { isLast: true, flushAfter: 1 }))
        const types = statements.map(
          ({ isAsked }, index) => `PB${isAsked ? 'D' : ''}E${index === 0 ? 'H' : ''}`,
        )
        const messages = read(words)
        t.is(messages.map(({ type }) => type).join(''), `${types.join('')}S`)
        const texts = messages.filter(({ type }) => type === 'P').map(({ body }) => body.toString('utf8'))
        t.deepEqual(
          texts,
          statements.map(({ text }) => `\0${Buffer.from(text).toString('utf8')}\0\0\0`),
        )
      },
    ),
  )
})
