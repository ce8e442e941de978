import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { AlembicScripts } from '../import/alembic.ts'
import { cutAlembicSql } from '../import/alembic-sql.ts'
import type { Environment } from '../settings/variables.ts'

/**
 * Lets Alembic, where it is installed, write the SQL of its revisions: `alembic upgrade heads --sql`, and down from each of
 * `heads`. It runs the project's own `env.py`, and touches no database. Gives nothing where that does not work, with the reason.
 */
export async function readAlembicScripts(
  folder: string,
  heads: readonly string[],
  env: Environment,
): Promise<{ readonly scripts: AlembicScripts; readonly reason?: string }> {
  const project = projectAbove(folder)
  if (project === undefined) return { scripts: new Map(), reason: 'there is no alembic.ini above its files' }
  const run = async (...args: readonly string[]) => {
    const options = { cwd: project, env: { ...env, PYTHONDONTWRITEBYTECODE: '1' }, maxBuffer: 1 << 28 }
    return (await promisify(execFile)('alembic', [...args, '--sql'], options)).stdout
  }
  try {
    const ups = cutAlembicSql(await run('upgrade', 'heads'), 'upgrade')
    const downs = new Map<string, string>()
    for (const head of heads)
      for (const [id, down] of cutAlembicSql(await orNothing(run('downgrade', `${head}:base`)), 'downgrade'))
        downs.set(id, down)
    return { scripts: new Map([...ups].map(([id, up]) => [id, withDown(up, downs.get(id))])) }
  } catch (error) {
    return { scripts: new Map(), reason: lastLineOf(error) }
  }
}

function withDown(up: string, down: string | undefined) {
  return { up, ...(down !== undefined && { down }) }
}

/** What Alembic printed until it failed, as at a downgrade that raises an error, is of use. */
async function orNothing(printed: Promise<string>): Promise<string> {
  try {
    return await printed
  } catch (error) {
    return partOf((error as { readonly stdout?: string }).stdout ?? '')
  }
}

/** Without the last script, which may not be whole. */
function partOf(printed: string): string {
  return printed.slice(0, Math.max(0, printed.lastIndexOf('-- Running downgrade')))
}

function projectAbove(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, 'alembic.ini'))) return at
    if (dirname(at) === at) return undefined
  }
}

/** What Alembic complained of; its own last line says it, above it is Python's stack. */
function lastLineOf(error: unknown): string {
  const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string }
  if (code === 'ENOENT') return 'alembic is not installed'
  return `alembic failed: ${stderr?.trim().split('\n').at(-1) ?? String(error)}`
}
