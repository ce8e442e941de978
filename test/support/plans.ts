import test from 'ava'
import { withRequirements } from '../../src/graph/lineage.ts'
import { planDowngrade } from '../../src/plan/downgrade.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planStamp } from '../../src/plan/stamp.ts'
import { planUpgrade } from '../../src/plan/upgrade.ts'
import { drawGraph, ids } from './draw.ts'

const PLANNERS = { upgrade: planUpgrade, downgrade: planDowngrade, stamp: planStamp }

interface Case {
  readonly graph: string
  /** The heads that are applied; all they require is too. */
  readonly heads?: string
  /** The exact applied set, where it is not what its heads require. */
  readonly applied?: string
}

/** As on the command line: `upgrade b1 c1`. */
interface Planned extends Case {
  readonly command: string
  /** `up b2, up m` */
  readonly steps: string
  readonly headsAfter: string
}

interface Refused extends Case {
  readonly command: string
  readonly code: string
  readonly message?: RegExp
  /** Some of the commands that the error suggests. */
  readonly suggests?: readonly string[]
}

/** States what a command plans: its steps, and where the database stands after them. */
export const plans = test.macro((t, { steps, headsAfter, ...given }: Planned) => {
  const plan = planOf(given)
  t.deepEqual(
    plan.steps.map(({ direction, revision }) => `${direction} ${revision}`),
    steps.split(/,\s*/).filter(step => step !== ''),
  )
  t.deepEqual([...plan.headsAfter], words(headsAfter))
})

/** States how a command is refused. */
export const refuses = test.macro((t, { code, message = /./, suggests = [], ...given }: Refused) => {
  const error = t.throws(() => planOf(given), { code, message }) as unknown as { suggestions: string[] }
  for (const suggestion of suggests)
    t.true(error.suggestions.includes(suggestion), error.suggestions.join('; '))
})

function planOf({ graph: drawing, heads = '', applied, command }: Case & { command: string }): Plan {
  const graph = drawGraph(drawing)
  const set =
    applied === undefined ? withRequirements(graph, ids(...words(heads))) : new Set(ids(...words(applied)))
  const [verb, ...targets] = command === '' ? [] : command.split(' ')
  return PLANNERS[verb as keyof typeof PLANNERS](graph, set, targets)
}

function words(text: string): string[] {
  return text.split(' ').filter(word => word !== '')
}
