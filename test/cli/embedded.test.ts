import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import test from 'ava'
import { BIN, cleanEnvironment } from '../support/cli.ts'
import { driverFor } from '../support/driver.ts'
import { keeperOf, withEmbeddedProject } from '../support/embedded-project.ts'

test('embedded keeps the server up for others until it is interrupted, and ends with 0', t =>
  withEmbeddedProject(async ({ root, folder, stopped }) => {
    writeFileSync(join(root, 'sqlbraid.toml'), 'url = "embedded:shop"\n')
    const first = await startEmbedded(root)
    t.false(first.kept.isShared)
    const sql = driverFor(first.kept.url)
    const [row] = await sql`select current_database() as name`
    t.is(row?.['name'], 'shop')
    await sql.end()

    const second = await startEmbedded(root)
    t.like(second.kept, { url: first.kept.url, isShared: true })
    t.is(await first.end('SIGINT'), 0)
    t.true(keeperOf(folder) > 0, 'the server stays up for the second')
    t.is(await second.end('SIGTERM'), 0)
    await stopped()
  }))

test('embedded says so when its server ends before it', t =>
  withEmbeddedProject(async ({ root, folder }) => {
    const { end, said } = await startEmbedded(root)
    process.kill(keeperOf(folder), 'SIGTERM')
    t.is(await end(), 1)
    t.regex(await said, /^error: The embedded server in .* has ended\.$/m)
  }))

/** Starts the command and waits for its document, which comes as soon as the server is up. */
async function startEmbedded(cwd: string) {
  const child = spawn(process.execPath, [BIN, 'embedded', '--json'], { cwd, env: cleanEnvironment() })
  const said = text(child.stderr)
  const ended = once(child, 'close') as Promise<[number | null]>
  const end = async (signal?: NodeJS.Signals) => {
    if (signal) child.kill(signal)
    const [code] = await ended
    return code
  }
  return { kept: await firstDocument(child.stdout), said, end }
}

async function firstDocument(stream: Readable): Promise<{ url: string; isShared: boolean }> {
  let written = ''
  for await (const chunk of stream.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    written += chunk
    if (written.endsWith('}\n')) return JSON.parse(written)
  }
  throw new Error(`The command ended after ${JSON.stringify(written)}.`)
}
