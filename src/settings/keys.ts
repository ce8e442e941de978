import type { InferOutput } from 'valibot'
import * as shape from './shapes.ts'

/** One setting: `default` and `example` as they would be written in TOML. */
interface Key {
  readonly shape: shape.Shape
  readonly default?: string | number
  readonly example?: string | number | Readonly<Record<string, string>>
  readonly about: string
}

/** Every key of sqlbraid.toml, at its top level and under `[env.NAME]`; to add a setting, add its line. */
export const KEYS = {
  url: {
    shape: shape.textOnUse,
    example: 'embedded:',
    about: 'The database; "embedded:" is a private server.',
  },
  migrations: {
    shape: shape.paths,
    default: 'migrations',
    about: 'Where the revision files are: a folder or several.',
  },
  operations: { shape: shape.path, default: 'operations', about: 'Where custom operations are.' },
  schema: {
    shape: shape.paths,
    example: 'schema.sql',
    about: 'Files that say what the schema should become.',
  },
  file_template: {
    shape: shape.text,
    default: '{timestamp}_{revision}_{slug}',
    about: 'How new revision files are named.',
  },
  template: { shape: shape.path, example: 'template.sql', about: 'What new revision files start with.' },
  ledger_schema: {
    shape: shape.text,
    default: 'sqlbraid',
    about: 'The schema of the tables that hold the applied set.',
  },
  transaction: {
    shape: shape.choice('each', 'all'),
    default: 'each',
    about: 'One transaction for each revision, or one for all of a run.',
  },
  lock: {
    shape: shape.choice('advisory', 'row'),
    default: 'advisory',
    about: '"row" is for connection poolers in transaction mode.',
  },
  lock_wait: { shape: shape.duration, default: '60s', about: 'How long to wait for another run to end.' },
  lock_timeout: { shape: shape.duration, default: '5s', about: 'How long a statement may wait for a table.' },
  statement_timeout: {
    shape: shape.duration,
    default: 0,
    about: 'How long a statement may run; 0 sets no limit.',
  },
  lock_attempts: {
    shape: shape.count,
    default: 10,
    about: 'How often a revision is tried when others hold its locks.',
  },
  wait_for_database: {
    shape: shape.duration,
    default: 0,
    about: 'How long to wait for a server that does not answer yet.',
  },
  role: { shape: shape.text, example: 'owner', about: 'The role to migrate as, which also owns the ledger.' },
  application_name: { shape: shape.text, default: 'sqlbraid', about: 'What pg_stat_activity shows.' },
  max_heads: { shape: shape.count, example: 1, about: 'How many heads `check` lets pass.' },
  pg_dump: { shape: shape.text, default: 'pg_dump', about: 'The program that `--backup` runs.' },
  vars: {
    shape: shape.textsOnUse,
    example: { name: 'value' },
    about: 'Variables of the scripts: :name, :\'name\', :"name".',
  },
  hooks: {
    shape: shape.table({
      before_upgrade: shape.command,
      after_upgrade: shape.command,
      before_downgrade: shape.command,
      after_downgrade: shape.command,
      on_failure: shape.command,
    }),
    example: {
      before_upgrade: 'echo before',
      after_upgrade: 'echo after',
      before_downgrade: 'echo before',
      after_downgrade: 'echo after',
      on_failure: 'echo "$SQLBRAID_ERROR"',
    },
    about: 'Shell commands; one that fails before a run stops it.',
  },
  scratch: {
    shape: shape.table({ url: shape.textOnUse }),
    example: { url: 'postgres://localhost/postgres' },
    about: 'A server where throw-away databases may be made, instead of an embedded one.',
  },
} as const satisfies Readonly<Record<string, Key>>

/** The name of a setting, as sqlbraid.toml writes it. */
export type KeyName = keyof typeof KEYS

/** All names, in the order in which they are documented. */
export const KEY_NAMES = Object.keys(KEYS) as readonly KeyName[]

/** Whether `name` is a setting. */
export function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(KEYS, name)
}

/** What the settings hold once read, under camel-case names; `undefined` where a key has no default. */
export type KeyValues = {
  readonly [Name in KeyName as CamelCase<Name>]: ValueOf<(typeof KEYS)[Name]>
}

type ValueOf<K extends Key> =
  | Readonly<InferOutput<ReturnType<K['shape']>>>
  | (K extends { readonly default: unknown } ? never : undefined)

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name
