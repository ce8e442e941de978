import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RunnableStep } from '../../database/runnable-step.ts'
import type { RunnableScript } from '../../database/script-parts.ts'
import { SquawkFailedError } from '../../errors/lint-errors.ts'
import { findingAt, type LintFinding } from './finding.ts'

/**
 * What squawk finds in up scripts; undefined where it is not installed. It reads its own configuration, looked for from
 * `root` upwards. Throws `SquawkFailedError`.
 */
export async function runSquawk(
  root: string,
  steps: readonly RunnableStep[],
): Promise<readonly LintFinding[] | undefined> {
  const program = findSquawk(join(root, 'package.json')) ?? findSquawk(import.meta.url)
  if (program === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-lint-'))
  try {
    const findings: LintFinding[] = []
    for (const mode of ['on', 'off'] as const) {
      const files = steps
        .filter(({ transaction }) => transaction === mode)
        .map(step => readable(step, folder))
      const said =
        files.length === 0 ? [] : await lintFiles(program, root, mode, [...files.map(({ path }) => path)])
      const byPath = new Map(files.map(({ path, step }) => [path, step]))
      for (const complaint of said) {
        const step = byPath.get(resolve(root, complaint.file))
        if (step) findings.push(complaintAt(step, complaint))
      }
    }
    return findings
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As squawk prints it; lines and columns count from 0. */
interface Complaint {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly help: string | null
  readonly rule_name: string
}

/** The program as it is installed for who stands at `origin`; the project's own comes before ours. */
function findSquawk(origin: string): string | undefined {
  const { resolve: find } = createRequire(origin)
  const binary = process.platform === 'win32' ? 'squawk.exe' : 'squawk'
  try {
    const wrapper = createRequire(find('squawk-cli/package.json'))
    return wrapper.resolve(`@squawk-cli/${process.platform}-${process.arch}/bin/${binary}`)
  } catch {
    return undefined
  }
}

/** A file as it is, so that squawk's own rules for paths hold; one in psql's language as it is run. */
function readable(
  step: RunnableStep,
  folder: string,
): { readonly path: string; readonly step: RunnableStep } {
  const [{ source }] = step.script.pieces
  if (isPlain(step.script)) return { path: resolve(source.file), step }
  const path = join(folder, `${step.revision}.sql`)
  writeFileSync(path, step.script.text)
  return { path, step }
}

function isPlain({ text, gaps = [], pieces: [first, ...others] }: RunnableScript): boolean {
  return others.length === 0 && gaps.length === 0 && first.source.text === text
}

function lintFiles(
  program: string,
  cwd: string,
  mode: 'on' | 'off',
  paths: readonly string[],
): Promise<readonly Complaint[]> {
  const transaction = mode === 'on' ? '--assume-in-transaction' : '--no-assume-in-transaction'
  const args = ['--reporter', 'json', transaction, '--no-error-on-unmatched-pattern', ...paths]
  return new Promise((done, refuse) => {
    execFile(program, args, { cwd, maxBuffer: MOST_OUTPUT }, (cause, stdout, stderr) => {
      try {
        done(JSON.parse(stdout))
      } catch {
        refuse(new SquawkFailedError(stderr.trim() || String(cause), { cause }))
      }
    })
  })
}

const MOST_OUTPUT = 256 * 1024 * 1024

function complaintAt(step: RunnableStep, { line, column, message, help, rule_name: rule }: Complaint) {
  const lines = step.script.text.split('\n')
  const before = lines.slice(0, line).reduce((length, { length: own }) => length + own + 1, 0)
  return findingAt(step, before + column, { rule, message, ...(help !== null && { help }) })
}
