import { randomBytes } from 'node:crypto'
import { constants, copyFileSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
  const created: string[] = []
  try {
    withStagedFiles(files, (staged, { path }) => {
      publish(staged, path)
      created.push(path)
    })
  } catch (error) {
    for (const path of created) rmSync(path, { force: true })
    throw error
  }
}

/**
 * Replaces the text of `files`, each at once. Nothing is replaced before the new text of all of them is on the disk.
 * Throws `FilesNotWrittenError` when the system refuses.
 */
export function replaceFiles(files: readonly FileContent[]): void {
  withStagedFiles(files, (staged, { path }) => renameSync(staged, path))
}

/** Writes each text to a hidden file beside its place, then lets `use` put them there one after the other. */
function withStagedFiles(files: readonly FileContent[], use: (staged: string, file: FileContent) => void): void {
  const staged = files.map(file => ({ file, path: stagingPath(file.path) }))
  const each = (act: (entry: (typeof staged)[number]) => void) => {
    for (const entry of staged) {
      try { act(entry) } catch (error) { throw writeError(entry.file.path, error) }
    }
  }
  try {
    each(({ file, path }) => stage(path, file.text))
    each(({ file, path }) => use(path, file))
  } finally {
    for (const { path } of staged) rmSync(path, { force: true })
  }
}
