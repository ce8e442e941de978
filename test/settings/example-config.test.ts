import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { databaseUrl } from '../../src/settings/database-url.ts'
import { exampleConfig } from '../../src/settings/example-config.ts'
import { KEY_NAMES } from '../../src/settings/keys.ts'
import { readSettings } from '../../src/settings/settings.ts'

function read(t: ExecutionContext, text: string, environment?: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'sqlbraid-example-'))
  t.teardown(() => rmSync(cwd, { recursive: true }))
  writeFileSync(join(cwd, 'sqlbraid.toml'), text)
  const { configFile: _, root: _root, ...settings } = readSettings({ environment }, { cwd, env: {} })
  return JSON.parse(JSON.stringify(settings).replaceAll(cwd, ''))
}

function readNothing(t: ExecutionContext) {
  return read(t, '')
}

test('the example chooses the embedded database and changes nothing else', t => {
  const { url, ...rest } = read(t, exampleConfig())
  t.deepEqual(databaseUrl({ url }).url, 'embedded:')
  t.deepEqual(rest, readNothing(t))
})

// What has no default is shown by an example.
const EXAMPLES = {
  url: { source: 'url of [env.production] in sqlbraid.toml', unset: ['PRODUCTION_URL'] },
  role: 'owner',
  maxHeads: 1,
  vars: { name: { text: 'value' } },
  scratch: { url: { text: 'postgres://localhost/postgres' } },
}

test('every comment that holds a setting may be taken out of its comment', t => {
  const uncommented = exampleConfig().replaceAll(/^#(?=[\w[])/gm, '')
  const settings = read(t, uncommented, 'production')
  t.like(settings, { ...readNothing(t), ...EXAMPLES, lockWait: 600_000 })
  for (const key of KEY_NAMES) t.regex(uncommented, new RegExp(`^(${key} =|\\[${key}\\])`, 'm'))
})
