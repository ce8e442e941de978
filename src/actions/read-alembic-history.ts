import { alembicHeads, needsAlembic, readAlembic } from '../import/alembic.ts'
import type { SourceHistory } from '../import/source-history.ts'
import type { SourceTree } from '../import/source-tree.ts'
import type { Environment } from '../settings/variables.ts'
import { readAlembicScripts } from './alembic-scripts.ts'

/** Reads Alembic's graph, with the bodies that Alembic itself writes where there are any. */
export async function readAlembicHistory(tree: SourceTree, env: Environment): Promise<SourceHistory> {
  if (!needsAlembic(tree)) return readAlembic(tree)
  const { scripts, reason } = await readAlembicScripts(tree.folder, alembicHeads(tree), env)
  const { revisions, findings } = readAlembic(tree, scripts)
  const explained = findings.map(finding =>
    finding.code === 'NOT_SQL' && reason
      ? { ...finding, message: `${finding.message} (${reason})` }
      : finding,
  )
  return { revisions, findings: explained }
}
