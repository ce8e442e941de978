import { Errors, Flags } from '@oclif/core'

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

export const dryRunFlag = Flags.boolean({ summary: 'Only say what would be done' })

export const pathFlag = Flags.string({ helpValue: 'FOLDER', summary: 'Which of the folders the files go to' })

export const revIdFlag = Flags.string({ helpValue: 'ID', summary: 'The id, instead of a random one' })

export const labelFlag = Flags.string({
  multiple: true,
  summary: 'Give the revision a label, the name of a branch',
})

/** The flags of `upgrade` and `downgrade`. */
export const migrateFlags = {
  'dry-run': dryRunFlag,
  from: Flags.string({
    helpValue: 'ID,ID',
    dependsOn: ['dry-run'],
    summary: 'Plan for a database whose heads are these ("base": an empty one), without asking any',
  }),
  'ignore-changed': Flags.boolean({ summary: 'Go on although files of applied revisions were changed' }),
  'ignore-unknown': Flags.boolean({
    summary: 'Go on although the database has revisions that have no file here',
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
  variable: variableFlag,
}
