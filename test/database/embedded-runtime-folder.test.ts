import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { makeRuntimeFolder, removeRuntimeFolder } from '../../src/database/embedded/runtime-folder.ts'

test.serial('the folder of the sockets is private', async t => {
  const folder = await makeRuntimeFolder(undefined)
  t.is(statSync(folder).mode & 0o777, 0o700)
  await removeRuntimeFolder(folder)
  t.false(existsSync(folder))
})

test.serial('where TMPDIR is too long for the path of a socket, the folder lies in /tmp', async t => {
  const root = mkdtempSync('/tmp/runtime-')
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = join(root, 'x'.repeat(80))
  mkdirSync(process.env['TMPDIR'])
  try {
    const folder = await makeRuntimeFolder(undefined)
    t.regex(folder, /^\/tmp\/sqlbraid-\w{6}$/)
    await removeRuntimeFolder(folder)
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    rmSync(root, { recursive: true })
  }
})

test.serial('removing a folder of sockets removes nothing else, whatever path it is given', async t => {
  const folder = mkdtempSync('/tmp/runtime-')
  const names = ['.s.PGSQL.5432', '.s.PGSQL.5432.lock', 'keeper', 'thesis.txt']
  for (const name of names) writeFileSync(join(folder, name), '')
  await removeRuntimeFolder(folder)
  t.deepEqual(readdirSync(folder), ['thesis.txt'])
  rmSync(folder, { recursive: true })
  await t.notThrowsAsync(removeRuntimeFolder(folder))
})
