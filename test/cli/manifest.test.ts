import test from 'ava'
import { commandManifest, committedManifest } from '../support/manifest.ts'

test('the committed manifest is what the commands give; npm run manifest writes it', async t => {
  t.deepEqual(committedManifest(), await commandManifest())
})

test('every command has a summary and an example, and is named in its usage', async t => {
  const { commands } = await commandManifest()
  for (const [id, { summary, examples, usage }] of Object.entries(commands)) {
    t.truthy(summary, id)
    t.true((examples?.length ?? 0) > 0, `${id} has an example`)
    t.true(usage === undefined || String(usage).startsWith(id), `${id} is named in its usage`)
  }
})
