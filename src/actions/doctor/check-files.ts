import { heads } from '../../graph/lineage.ts'
import type { RevisionGraph } from '../../graph/revision-graph.ts'
import type { Settings } from '../../settings/settings.ts'
import { type History, readHistoryOrNone } from '../read-history.ts'
import { type Finding, ok, problemFrom, warning } from './finding.ts'

/** The history, as far as it can be read, and what is to be said of it. */
export interface FilesDiagnosis {
  readonly findings: readonly Finding[]
  readonly history?: History
}

/** The configuration file and the revision files. */
export function checkFiles(settings: Settings): FilesDiagnosis {
  const configuration = checkConfiguration(settings)
  try {
    const history = readHistoryOrNone(settings)
    return { history, findings: [configuration, checkCount(settings, history), ...checkHeads(history.graph)] }
  } catch (error) {
    return { findings: [configuration, problemFrom('revision files', error)] }
  }
}

function checkConfiguration({ configFile, environment, root }: Settings): Finding {
  if (configFile === undefined) {
    const message = `there is no sqlbraid.toml in ${root} or above it; the defaults are used`
    return warning('configuration', message, ['sqlbraid init'])
  }
  return ok('configuration', environment === undefined ? configFile : `${configFile}, [env.${environment}]`)
}

function checkCount({ migrations }: Settings, { revisions }: History): Finding {
  const where = migrations.join(', ')
  if (revisions.size === 0) {
    return warning('revision files', `there are none in ${where}`, ['sqlbraid revision -m "what it does"'])
  }
  return ok('revision files', `${revisions.size} revision${revisions.size === 1 ? '' : 's'} in ${where}`)
}

function checkHeads(graph: RevisionGraph): Finding[] {
  const found = heads(graph)
  if (found.length === 0) return []
  if (found.length === 1) return [ok('heads', found.join())]
  const message = `there are ${found.length}: ${found.join(', ')}; "upgrade head" is ambiguous`
  return [warning('heads', message, ['sqlbraid merge heads', 'sqlbraid upgrade heads'])]
}
