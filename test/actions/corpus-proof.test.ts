import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { verify } from '../../src/actions/verify.ts'
import { isProved } from '../../src/scratch/revision-proof.ts'
import { readSettings } from '../../src/settings/settings.ts'
import { copyCorpus } from '../support/corpus.ts'

const PAGE = fileURLToPath(new URL('../../../docs/proof.md', import.meta.url))
const FEW = '84831d736eee:c3851956d9b8'

/** Revisions whose downs do not restore what was there or fail, as the page lists them. */
function namedByThePage(): string[] {
  const section = /^### The revisions of crates\.io$(.*?)^## /ms.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? ''
  return [...section.matchAll(/`([0-9a-f]{12})`/g)].map(([, id = '']) => id)
}

test('of the downs of real revisions, verify names those that were looked at and found wanting', async t => {
  const corpus = copyCorpus(t)
  if (!corpus) return
  t.timeout(3_600_000)
  const isWhole = process.env['SQLBRAID_CORPUS'] === 'full'
  if (!isWhole) t.log(`only ${FEW}; npm run test:corpus takes all`)
  const url = { text: String(process.env['SQLBRAID_TEST_SCRATCH_URL']), unset: [] }
  const { folder } = corpus
  const settings = readSettings({ values: { migrations: folder } }, { cwd: folder, env: {} })
  const request = { range: isWhole ? ':' : FEW, jobs: 2, cache: false }
  const { proofs } = await verify({ ...settings, scratch: { url } }, request)
  const tried = proofs.map(({ revision }) => revision)
  t.deepEqual(
    proofs.filter(proof => !isProved(proof)).map(({ revision }) => revision),
    tried.filter(revision => namedByThePage().includes(revision)),
  )
  if (isWhole) t.is(proofs.length, 285)
})
