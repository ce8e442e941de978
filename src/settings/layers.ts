import * as v from 'valibot'
import { InvalidSettingsError } from '../errors/settings-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import type { WrittenValues } from './config-file.ts'
import { KEY_NAMES, KEYS, type KeyName, type KeyValues } from './keys.ts'
import { type Environment, escapeVariables } from './variables.ts'

/** One source of values. */
export interface Layer {
  readonly values: WrittenValues
  /** What its paths are relative to. */
  readonly folder: string
  /** What the user calls the key there. */
  readonly name: (key: KeyName) => string
  /** Where the key stands, when it stands in a file. */
  readonly place: (key: KeyName) => Partial<Problem>
}

/** A layer whose texts may hold `${NAME}`. */
export function fileLayer(values: WrittenValues = {}, folder: string, place: Layer['place']): Layer {
  return { values, folder, name: key => key, place }
}

/** A layer whose texts are taken as they are: what the shell has already expanded. */
export function literalLayer(values: WrittenValues, folder: string, name: Layer['name']): Layer {
  return { values: escaped(values), folder, name, place: () => ({}) }
}

/**
 * Reads every key from the last layer that has it; tables are laid over each other key by key.
 * Only what is chosen is read, so that a value which is overridden may name variables that are not set.
 * Throws InvalidSettingsError with all problems at once.
 */
export function readLayers(layers: readonly Layer[], env: Environment): KeyValues {
  const problems: Problem[] = []
  const values = KEY_NAMES.map(key => {
    const { value, layer } = choose(layers, key)
    if (layer === undefined) return [camelCase(key), undefined]
    const { success, output, issues } = v.safeParse(KEYS[key].shape({ folder: layer.folder, env }), value)
    for (const { message } of issues ?? []) {
      problems.push({
        code: 'INVALID_SETTING',
        message: `"${layer.name(key)}" ${message}`,
        ...layer.place(key),
      })
    }
    return [camelCase(key), success ? output : undefined]
  })
  if (problems.length > 0) throw new InvalidSettingsError(problems)
  return Object.fromEntries(values) as KeyValues
}

function choose(layers: readonly Layer[], key: KeyName): { value?: unknown; layer?: Layer } {
  let chosen: { value?: unknown; layer?: Layer } = {}
  for (const layer of layers) {
    const value = layer.values[key]
    if (value === undefined) continue
    chosen = { layer, value: isTable(value) && isTable(chosen.value) ? { ...chosen.value, ...value } : value }
  }
  return chosen
}

function escaped(values: WrittenValues): WrittenValues {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (typeof value === 'string') return [key, escapeVariables(value)]
      return [key, isTable(value) ? escaped(value) : value]
    }),
  )
}

function isTable(value: unknown): value is WrittenValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function camelCase(key: string): string {
  return key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}
