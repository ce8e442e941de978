import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { GraphRevision } from '../../src/graph/revision-graph.ts'
import { formatHeader } from '../../src/revision/header.ts'
import { readSettings, type Settings, type SettingsFlags } from '../../src/settings/settings.ts'
import { draw } from './draw.ts'

/** What the scripts of a drawn revision hold, where it is not a table of its name. */
export interface DrawnScripts {
  readonly up?: string
  readonly down?: string
  readonly verify?: string
  readonly transaction?: 'off'
}

/** A project in a temporary folder. */
export interface DrawnProject {
  readonly root: string
  /** Its settings; without a `url` it has no database. */
  settings(flags?: SettingsFlags): Settings
  write(path: string, text: string): void
}

/**
 * Gives `use` a project whose `migrations` hold the revisions of a drawing (see `draw`; an empty one holds none, and
 * `{7}` is created at second 7), and removes it afterwards.
 */
export async function withDrawnProject<T>(
  drawing: string,
  scripts: Readonly<Record<string, DrawnScripts>>,
  use: (project: DrawnProject) => Promise<T> | T,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'sqlbraid-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  mkdirSync(join(root, 'migrations'))
  for (const revision of draw(drawing)) writeDrawn(revision, scripts[revision.id] ?? {}, write)
  const settings = (flags: SettingsFlags = {}) => readSettings(flags, { cwd: root, env: {} })
  try {
    return await use({ root, settings, write })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function writeDrawn(
  { id, parents, labels, depends, message, created }: GraphRevision,
  { up, down, verify, transaction }: DrawnScripts,
  write: DrawnProject['write'],
): void {
  const mode = transaction && { transaction }
  const instant = created && `2026-01-01T00:00:${created.padStart(2, '0')}Z`
  const header = formatHeader({
    revision: id,
    parents,
    labels,
    depends,
    message,
    created: instant,
    ...mode,
  })
  const part = formatHeader({ revision: id, ...mode })
  write(`migrations/${id}.up.sql`, `${header}\n${up ?? `create table ${id} ();`}\n`)
  write(`migrations/${id}.down.sql`, `${part}\n${down ?? `drop table ${id};`}\n`)
  if (verify !== undefined) write(`migrations/${id}.verify.sql`, `-- revision: ${id}\n\n${verify}\n`)
}
