import { Flags } from '@oclif/core'

/** The flag of every command that touches a database. */
export const urlFlag = Flags.string({
  char: 'd',
  helpValue: 'URL',
  summary: 'The database: postgres://…, a libpq connection string, or embedded:',
})

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

/** The flags of `upgrade` and `downgrade`. */
export const migrateFlags = {
  'dry-run': dryRunFlag,
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
  'ignore-changed': Flags.boolean({ summary: 'Go on although files of applied revisions were changed' }),
  'ignore-unknown': Flags.boolean({
    summary: 'Go on although the database has revisions that have no file here',
  }),
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
  transaction: Flags.string({
    options: ['each', 'all'],
    summary: 'One transaction for each revision, or one for all',
  }),
  url: urlFlag,
}
