import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { UnknownEnvironmentError } from '../errors/settings-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { type ConfigFile, findConfigFile, readConfigFile, type WrittenValues } from './config-file.ts'
import { chooseUrl, type UrlChoice } from './database-url.ts'
import { KEY_NAMES, KEYS, type KeyName, type KeyValues } from './keys.ts'
import { fileLayer, literalLayer, readLayers } from './layers.ts'
import { locateKey } from './locate-key.ts'
import type { Environment, ExpandedText } from './variables.ts'

/** What the command line says; texts here are literal, `${` included. */
export interface SettingsFlags {
  readonly config?: string | undefined
  readonly environment?: string | undefined
  readonly url?: string | undefined
  /** `-v name=value`. */
  readonly vars?: Readonly<Record<string, string>>
  /** Any other key: `{ lock_wait: '30s' }`. */
  readonly values?: Readonly<Partial<Record<KeyName, string | undefined>>>
}

/** Where a command was started. */
export interface Surroundings {
  readonly cwd: string
  readonly env: Environment
}

/** All that was configured, as plain data; the url is chosen here, and read by `databaseUrl`. */
export interface Settings extends Omit<KeyValues, 'url' | 'vars'> {
  /** Absolute; undefined when there is no configuration file. */
  readonly configFile: string | undefined
  /** The folder of the configuration file, else the working folder. */
  readonly root: string
  /** The name of the environment that was asked for. */
  readonly environment: string | undefined
  /** The process's environment, over what `.env` beside the configuration file says. */
  readonly env: Environment
  readonly url: UrlChoice | undefined
  /** Read by `scriptVariables`. */
  readonly vars: Readonly<Record<string, ExpandedText>>
}

/**
 * Reads the settings: flags over environment (`SQLBRAID_LOCK_WAIT` for `lock_wait`) over `[env.NAME]` over the top
 * level of the file over the defaults; tables are laid over each other key by key.
 *
 * Throws ConfigFileNotFoundError, UnknownEnvironmentError, and InvalidSettingsError with all that is wrong.
 */
export function readSettings(flags: SettingsFlags, { cwd, env: ownEnv }: Surroundings): Settings {
  const configFile = findConfigFile(cwd, flags.config)
  const root = configFile === undefined ? cwd : dirname(configFile)
  const env = { ...readEnvironmentFile(join(root, '.env')), ...ownEnv }
  const file = configFile === undefined ? undefined : readConfigFile(configFile, { folder: root, env })
  const environment = flags.environment || env['SQLBRAID_ENV'] || undefined
  const section = environment === undefined ? {} : environmentSection(file, environment)
  const values = readLayers(
    [
      { values: DEFAULTS, folder: root, name: key => key, place: () => ({}) },
      fileLayer(file?.values, root, key => locate(file, [key])),
      fileLayer(section, root, key => locate(file, ['env', environment ?? '', key])),
      literalLayer(environmentValues(env), cwd, environmentName),
      literalLayer({ ...flags.values, vars: flags.vars }, cwd, key => `--${key.replaceAll('_', '-')}`),
    ],
    env,
  )
  const url = chooseUrl({
    flag: flags.url,
    env,
    environment,
    ofEnvironment: section['url'],
    ofFile: file?.values['url'],
  })
  return { ...values, vars: values.vars ?? {}, configFile, root, environment, env, url }
}

// A folder of that name is somebody's virtual environment.
function readEnvironmentFile(file: string): Environment {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? parseEnv(readFileSync(file, 'utf8')) : {}
}

function environmentSection(file: ConfigFile | undefined, name: string): WrittenValues {
  const environments = file?.environments ?? {}
  const section = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (section === undefined) throw new UnknownEnvironmentError(name, Object.keys(environments), file?.path)
  return section
}

const DEFAULTS = Object.fromEntries(
  Object.entries(KEYS).flatMap(([name, key]) => ('default' in key ? [[name, key.default]] : [])),
)

const environmentName = (key: KeyName) => `SQLBRAID_${key.toUpperCase()}`

/** An empty variable counts as unset, as it does for the url; tables cannot be written in a variable. */
function environmentValues(env: Environment): WrittenValues {
  const scalars = KEY_NAMES.filter(name => !['url', 'vars', 'hooks', 'scratch'].includes(name))
  return Object.fromEntries(scalars.map(name => [name, env[environmentName(name)] || undefined]))
}

function locate(file: ConfigFile | undefined, path: readonly string[]): Partial<Problem> {
  return file === undefined ? {} : { file: file.path, ...locateKey(file.text, path) }
}
