import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { FilesNotWrittenError, RevisionFileExistsError } from '../errors/revision-errors.ts'
import { systemCodeOf } from './unreadable-file.ts'

/** A file to be, whole. */
export interface FileContent {
  readonly path: string
  readonly text: string
}

/**
 * Creates all of `files`, in their order, or none of them; each appears with its whole text at once. Missing
 * folders are made.
 * Throws `RevisionFileExistsError` rather than overwrite, `FilesNotWrittenError` when the system refuses.
 */
export function createFiles(files: readonly FileContent[]): void {
  withStagedFiles(files, staged => {
    const created: string[] = []
    try {
      for (const { path, stagedAt } of staged) {
        orSay(path, () => publish(stagedAt, path))
        created.push(path)
      }
    } catch (error) {
      for (const path of created) rmSync(path, { force: true })
      throw error
    }
  })
}

/**
 * Replaces the text of `files`, which keep their modes, each at once and none before the new text of all is on the
 * disk. A link stays a link.
 * Throws `FilesNotWrittenError` when the system refuses.
 */
export function replaceFiles(files: readonly FileContent[]): void {
  const targets = files.map(file => ({ ...file, path: orSay(file.path, () => realpathSync(file.path)) }))
  withStagedFiles(targets, staged => {
    for (const { path, stagedAt } of staged) {
      orSay(path, () => {
        chmodSync(stagedAt, statSync(path).mode)
        renameSync(stagedAt, path)
      })
    }
  })
}

interface StagedFile {
  readonly path: string
  readonly stagedAt: string
}

/** Lets `use` put files in their places that lie complete, under hidden names, beside them. */
function withStagedFiles(files: readonly FileContent[], use: (staged: readonly StagedFile[]) => void): void {
  const staged: StagedFile[] = []
  try {
    for (const { path, text } of files) staged.push({ path, stagedAt: orSay(path, () => stage(path, text)) })
    use(staged)
  } finally {
    for (const { stagedAt } of staged) rmSync(stagedAt, { force: true })
  }
}

function stage(path: string, text: string): string {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true })
  const stagedAt = join(folder, `.sqlbraid-${randomBytes(6).toString('hex')}.tmp`)
  try {
    writeFileSync(stagedAt, text, { flag: 'wx', flush: true })
  } catch (error) {
    rmSync(stagedAt, { force: true })
    throw error
  }
  return stagedAt
}

/** A link, unlike a rename, never replaces what is there; where the file system has no links, a copy must do. */
function publish(stagedAt: string, path: string): void {
  try {
    linkSync(stagedAt, path)
  } catch (error) {
    if (!WITHOUT_LINKS.has(systemCodeOf(error))) throw error
    copyFileSync(stagedAt, path, constants.COPYFILE_EXCL)
  }
}

const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

function orSay<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const reason = systemCodeOf(error)
    if (reason === 'EEXIST') throw new RevisionFileExistsError(path, { cause: error })
    throw new FilesNotWrittenError(path, reason, { cause: error })
  }
}
