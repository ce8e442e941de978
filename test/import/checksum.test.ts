import test from 'ava'
import { flywayChecksum, sqitchChecksum, sqlxChecksum } from '../../src/import/checksum.ts'

test('Flyway counts the lines, without their ends and a byte order mark', t => {
  for (const text of ['123456789', '1234\n56789\n', '\ufeff1234\r\n5678\r9'])
    t.is(flywayChecksum(Buffer.from(text)), '-873187034', JSON.stringify(text))
})

test('sqlx and sqitch count every byte', t => {
  const content = Buffer.from('abc')
  t.regex(sqlxChecksum(content), /^cb00753f45a35e8bb5a03d699ac65007/)
  t.is(sqitchChecksum(content), 'a9993e364706816aba3e25717850c26c9cd0d89d')
})
