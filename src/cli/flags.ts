import * as Errors from '@oclif/core/errors'
import * as Flags from '@oclif/core/flags'

/** The flag of every command that touches a database. */
export const urlFlag = Flags.string({
  char: 'd',
  helpValue: 'URL',
  summary: 'The database: postgres://…, a libpq connection string, or embedded:',
})

/** The flag of every command that reads scripts; the last one for a name counts. */
export const variableFlag = Flags.custom<readonly [name: string, value: string]>({
  char: 'v',
  helpValue: 'NAME=VALUE',
  multiple: true,
  multipleNonGreedy: true,
  summary: 'Set a variable of the scripts, over [vars] of the configuration',
  parse: async input => {
    const [, name, value] = /^([\w\u0080-\uffff]+)=(.*)$/s.exec(input) ?? []
    if (name !== undefined && value !== undefined) return [name, value]
    throw new Errors.CLIError(`-v takes name=value, and the name is letters, digits and _: ${input}`, {
      exit: 2,
    })
  },
})()

/** The flags of commands that read the history, and a database only when they are told to. */
export const standingFlags = {
  'indicate-current': Flags.boolean({
    char: 'i',
    aliases: ['current'],
    summary: 'Also show where the configured database stands',
  }),
  url: Flags.string({
    char: 'd',
    helpValue: 'URL',
    summary: 'Also show where this database stands: postgres://…, a libpq connection string, or embedded:',
  }),
}

/** Whether to read a database besides the history. */
export function wantsStandings(flags: {
  readonly 'indicate-current': boolean
  readonly url?: string | undefined
}): boolean {
  return flags['indicate-current'] || flags.url !== undefined
}

export const verboseFlag = Flags.boolean({ char: 'v', summary: 'Everything that is known of each revision' })

export const dryRunFlag = Flags.boolean({ summary: 'Only say what would be done' })

export const pathFlag = Flags.string({ helpValue: 'FOLDER', summary: 'Which of the folders the files go to' })

export const revIdFlag = Flags.string({ helpValue: 'ID', summary: 'The id, instead of a random one' })

export const labelFlag = Flags.string({
  multiple: true,
  summary: 'Give the revision a label, the name of a branch',
})

export const dependsFlag = Flags.string({
  helpValue: 'REV',
  multiple: true,
  summary: 'What must be applied first, besides the parents',
})

export const editFlag = Flags.boolean({ summary: 'Open the new files in your editor' })

/** The flags of every command that carries out a plan. */
export const runFlags = {
  'dry-run': dryRunFlag,
  backup: Flags.boolean({
    summary: 'Take a backup with pg_dump before anything is changed',
    description: 'To a new file under .sqlbraid/backups, which only its owner may read.',
  }),
  'backup-file': Flags.string({ helpValue: 'FILE', summary: 'As --backup, to a new file of this name' }),
  'finish-current': Flags.boolean({
    summary: 'On Ctrl-C or SIGTERM complete the running revision before ending',
  }),
  'lock-timeout': Flags.string({
    helpValue: 'DURATION',
    summary: 'How long a statement may wait for a table before the revision is tried again',
  }),
  'statement-timeout': Flags.string({
    helpValue: 'DURATION',
    summary: 'How long a statement may run; 0 sets no limit',
  }),
  'lock-wait': Flags.string({
    helpValue: 'DURATION',
    summary: 'How long to wait for another run to end, such as 30s',
  }),
  'no-hooks': Flags.boolean({ summary: 'Run no [hooks] of the configuration' }),
  transaction: Flags.string({
    options: ['each', 'all'],
    summary: 'One transaction for each revision, or one for all',
  }),
  'wait-for-database': Flags.string({
    helpValue: 'SECONDS',
    summary: 'How long to wait for a server that does not answer yet',
  }),
  url: urlFlag,
  variable: variableFlag,
}

export const ignoreChangedFlag = Flags.boolean({
  summary: 'Go on although files of applied revisions were changed',
})

/** The flags of `upgrade` and `downgrade`. */
export const migrateFlags = {
  ...runFlags,
  'ignore-changed': ignoreChangedFlag,
  sql: Flags.boolean({
    exclusive: ['dry-run'],
    summary: 'Only write a script to stdout that does it when psql runs it',
  }),
  from: Flags.string({
    helpValue: 'ID,ID',
    relationships: [{ type: 'some', flags: ['dry-run', 'sql'] }],
    summary:
      'With --dry-run or --sql: for a database whose heads are these ("base": an empty one), without asking any',
  }),
  'ignore-unknown': Flags.boolean({
    summary: 'Go on although the database has revisions that have no file here',
  }),
}

/** The flags of `revision` that have its scripts generated. */
export const autogenerateFlags = {
  autogenerate: Flags.boolean({ summary: 'Generate the scripts from the desired schema, and prove them' }),
  'from-database': Flags.string({
    helpValue: 'URL',
    dependsOn: ['autogenerate'],
    summary: 'The desired schema is that of this database, not that of the files in the configuration',
  }),
  rename: Flags.custom<{ readonly from: string; readonly to: string }>({
    helpValue: 'OLD:NEW',
    multiple: true,
    multipleNonGreedy: true,
    dependsOn: ['autogenerate'],
    summary: 'What is not dropped but renamed, such as account.name:title; on a terminal you are asked, too',
    parse: async input => {
      const [, from, to] = /^([^:]+):([^:]+)$/.exec(input) ?? []
      if (from !== undefined && to !== undefined) return { from, to }
      throw new Errors.CLIError(`--rename takes OLD:NEW, such as account.name:title: ${input}`, { exit: 2 })
    },
  })(),
  'allow-destructive': Flags.boolean({
    dependsOn: ['autogenerate'],
    summary: 'Generate statements that lose data, too',
  }),
}
