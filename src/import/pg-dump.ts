import { wholeFile } from './paired-files.ts'
import type { SourceHistory } from './source-history.ts'
import type { SourceTree } from './source-tree.ts'

/** Plain dumps of `pg_dump`, which begin by saying so; among the files of another tool one is only what came of them. */
export function recognizesPgDump({ files }: SourceTree): boolean {
  const sql = files.filter(({ name }) => name.endsWith('.sql'))
  return sql.length > 0 && sql.every(({ text }) => HEAD.test(text))
}

/** Reads each dump as one revision. */
export function readPgDump({ files }: SourceTree): SourceHistory {
  const dumps = files.filter(({ name }) => name.endsWith('.sql'))
  const revisions = dumps.map(file => {
    const [, version = ''] = /^-- Dumped from database version (\S+)/m.exec(file.text) ?? []
    const started = /^-- Started on (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/m.exec(file.text)
    return {
      version: file.name,
      message: `schema as of pg_dump${version && ` from PostgreSQL ${version}`}`,
      ...(started && { created: `${started[1]}T${started[2]}Z` }),
      up: wholeFile(file),
    }
  })
  return { revisions, findings: [] }
}

const HEAD = /^(?:\s*--\s*\n)*-- PostgreSQL database dump\b/
