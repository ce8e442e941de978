import { readFileSync } from 'node:fs'
import test from 'ava'
import { BOX, renderHistoryGraph } from '../../src/cli/render/history-graph.ts'
import { PLAIN } from '../../src/cli/render/style.ts'
import { historyRange } from '../../src/graph/history-range.ts'
import { withRequirements } from '../../src/graph/lineage.ts'
import { branch, trunk } from '../../src/graph/trunk.ts'
import { planDowngrade } from '../../src/plan/downgrade.ts'
import { planUpgrade } from '../../src/plan/upgrade.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { drawGraph, ids } from '../support/draw.ts'

const PAGE = readFileSync(new URL('../../../docs/graph.md', import.meta.url), 'utf8')
const GRAPH = drawGraph(`
  a1 <- a2 <- a3 <- m1 <- a4
  a2 <- b1[billing] <- b2 <- m1
  n1[net] <- n2(a3)`)

const ANSWERS: Readonly<Record<string, (applied: ReadonlySet<RevisionId>, targets: string[]) => string[]>> = {
  upgrade: (applied, targets) => planUpgrade(GRAPH, applied, targets).steps.map(({ revision }) => revision),
  downgrade: (applied, targets) =>
    planDowngrade(GRAPH, applied, targets).steps.map(({ revision }) => revision),
  history: (applied, [, range = '']) => historyRange(GRAPH, range, applied),
}
const EXAMPLE =
  /^\| `(?<command>(?:upgrade|downgrade|history) [^`]+)` \| (?<heads>[^|]+?) \| (?<answer>[^|]*?) ?\|$/gm

for (const { groups } of PAGE.matchAll(EXAMPLE)) {
  const { command = '', heads = '', answer = '' } = groups ?? {}
  test(`docs/graph.md: ${command} on ${heads} gives ${answer || 'nothing'}`, t => {
    const [verb = '', ...targets] = command.split(' ')
    const applied = withRequirements(GRAPH, heads === 'none' ? [] : ids(...heads.split(' ')))
    const run = () => ANSWERS[verb]?.(applied, targets).join(', ')
    if (!answer.startsWith('error: ')) t.is(run(), answer)
    else for (const named of answer.slice(7).split(', ')) t.throws(run, { message: new RegExp(named) })
  })
}

test('docs/graph.md draws the history that its examples are about', t => {
  const [drawing = ''] = /(?<=```text\n)[^`]+(?=\n```)/.exec(PAGE) ?? []
  const view = { graph: GRAPH, revisions: new Map(), range: historyRange(GRAPH, ':') }
  t.is([...renderHistoryGraph(view, { alphabet: BOX }, PLAIN)].join('\n'), drawing)
})

test('docs/graph.md says what is on the trunk and on each branch', t => {
  t.deepEqual([...trunk(GRAPH)].sort(), ids('a1', 'a2', 'a3', 'a4', 'm1'))
  t.deepEqual([...branch(GRAPH, 'billing')], ids('b1', 'b2'))
  t.deepEqual([...branch(GRAPH, 'net')], ids('n1', 'n2'))
})
