import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../src/settings/settings.ts'
import { readSettings } from '../../src/settings/settings.ts'
import { draw } from './draw.ts'

/** What stands in the files of a revision; with a text alone, in its up script. */
export type Scripts =
  | string
  | { readonly up?: string; readonly down?: string; readonly verify?: string; readonly header?: string }

/** A project whose throw-away databases are made on the test server. */
export interface ScratchProject {
  readonly root: string
  readonly settings: Settings
  /** Writes (again) the files of one revision or several. */
  readonly write: (drawing: string, scripts: Readonly<Record<string, Scripts>>) => Promise<void>
}

/** Gives `use` a project with the revisions of a drawing; those without scripts do nothing. */
export async function withScratchProject<T>(
  drawing: string,
  scripts: Readonly<Record<string, Scripts>>,
  use: (project: ScratchProject) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'braid-scratch-'))
  try {
    await mkdir(join(root, 'migrations'))
    const config = `scratch = { url = "${process.env['SQLBRAID_TEST_SCRATCH_URL']}" }\n`
    await writeFile(join(root, 'sqlbraid.toml'), config)
    const write: ScratchProject['write'] = (drawn, texts) =>
      writeRevisions(join(root, 'migrations'), drawn, texts)
    await write(drawing, scripts)
    return await use({ root, settings: readSettings({}, { cwd: root, env: {} }), write })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function writeRevisions(
  folder: string,
  drawing: string,
  scripts: Readonly<Record<string, Scripts>>,
): Promise<void> {
  for (const { id, parents, labels, depends } of draw(drawing)) {
    const given = scripts[id] ?? ''
    const { up = '', down, verify, header = '' } = typeof given === 'string' ? { up: given } : given
    const lines = [
      `-- revision: ${id}`,
      `-- parents: ${parents.join(', ') || 'none'}`,
      `-- message: add ${id}`,
    ]
    if (labels.length > 0) lines.push(`-- labels: ${labels.join(', ')}`)
    if (depends.length > 0) lines.push(`-- depends: ${depends.join(', ')}`)
    if (header !== '') lines.push(header)
    await writeFile(join(folder, `${id}.up.sql`), `${lines.join('\n')}\n\n${up}\n`)
    for (const [part, text] of Object.entries({ down, verify }))
      if (text !== undefined)
        await writeFile(join(folder, `${id}.${part}.sql`), `-- revision: ${id}\n\n${text}\n`)
  }
}
