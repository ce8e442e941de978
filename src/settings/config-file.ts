import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse, TomlError, type TomlTable } from 'smol-toml'
import * as v from 'valibot'
import { ConfigFileNotFoundError, InvalidSettingsError } from '../errors/settings-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { KEY_NAMES, KEYS } from './keys.ts'
import { locateKey } from './locate-key.ts'
import { isUnknownKey, type Place, table } from './shapes.ts'
import { hasVariables } from './variables.ts'

/** Keys as they are written, not yet read. */
export type WrittenValues = Readonly<Record<string, unknown>>

/** A configuration file whose shape has been checked. */
export interface ConfigFile {
  readonly path: string
  readonly text: string
  readonly values: WrittenValues
  readonly environments: Readonly<Record<string, WrittenValues>>
}

/**
 * The configuration file to use: the one `named` (relative to `cwd`), else the first `sqlbraid.toml` upwards from `cwd`.
 * Throws ConfigFileNotFoundError when the named one does not exist.
 */
export function findConfigFile(cwd: string, named: string | undefined): string | undefined {
  if (named !== undefined) {
    const file = resolve(cwd, named)
    if (!existsSync(file)) throw new ConfigFileNotFoundError(file)
    return file
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, 'sqlbraid.toml')
    if (existsSync(file)) return file
    if (folder === dirname(folder)) return undefined
  }
}

/**
 * Reads a configuration file. Throws InvalidSettingsError with *all* that is wrong in it: unknown keys and values of
 * the wrong shape in every environment, but not variables that are unset, for the value may never be used.
 */
export function readConfigFile(path: string, place: Place): ConfigFile {
  const text = readText(path)
  const written = parseToml(path, text)
  const problems = shapeProblems(path, text, written, place)
  if (problems.length > 0) throw new InvalidSettingsError(problems)
  const { env = {}, ...values } = written
  return { path, text, values, environments: env as ConfigFile['environments'] }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new ConfigFileNotFoundError(path, { cause })
  }
}

function parseToml(path: string, text: string): TomlTable {
  try {
    return parse(text)
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    // Only its first line: the rest quotes the file, passwords included. For the same reason it is not the cause.
    const [message = ''] = cause.message.split('\n')
    throw new InvalidSettingsError([
      { code: 'TOML_SYNTAX', message: `${message}.`, file: path, line: cause.line, column: cause.column },
    ])
  }
}

function shapeProblems(path: string, text: string, written: TomlTable, place: Place): readonly Problem[] {
  const { issues = [] } = v.safeParse(fileShape(place), written)
  return issues
    .filter(({ input }) => !(typeof input === 'string' && hasVariables(input)))
    .map(issue => {
      const keys = (issue.path ?? []).map(item => String(item.key))
      const code = isUnknownKey(issue) ? 'UNKNOWN_SETTING' : 'INVALID_SETTING'
      return { code, message: `"${keys.at(-1)}" ${issue.message}`, file: path, ...locateKey(text, keys) }
    })
}

const SHAPES = Object.fromEntries(KEY_NAMES.map(name => [name, KEYS[name].shape] as const))

function fileShape(place: Place) {
  const env = () => v.record(v.string(), table(SHAPES)(place), 'must be a table of environments.')
  return table({ ...SHAPES, env })(place)
}
