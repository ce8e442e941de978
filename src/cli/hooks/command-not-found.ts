import { loadHelpClass } from '@oclif/core/help'
import type * as Interfaces from '@oclif/core/interfaces'
import type { SqlbraidError } from '../../errors/sqlbraid-error.ts'
import { UnknownCommandError, UsageError } from '../../errors/usage-errors.ts'
import { nearestName } from '../../graph/nearest-name.ts'
import { showError } from '../show-error.ts'

/** Answers a command line that oclif finds no command for: `help` as `--help`, all else with an error. */
export const commandNotFound: Interfaces.Hook.CommandNotFound = async ({ id, argv = [], config }) => {
  // oclif has joined all words up to the first flag.
  const [first = '', ...rest] = id.split(':')
  if (first === 'help') return showHelp(config, rest)
  const asJson = [first, ...argv].includes('--json')
  showError(fault(first, rest, config.commandIDs), { asJson })
}

async function showHelp(config: Interfaces.Config, argv: string[]): Promise<void> {
  const Help = await loadHelpClass(config)
  await new Help(config, config.pjson.oclif.helpOptions).showHelp(argv)
}

function fault(first: string, rest: readonly string[], commands: readonly string[]): SqlbraidError {
  if (first.startsWith('-')) {
    const suggestions = [`sqlbraid COMMAND ${first}`, 'sqlbraid --help']
    return new UsageError(`The command comes first, before ${first}.`, suggestions)
  }
  if (commands.includes(first)) {
    return new UsageError(`${first} takes no argument: ${rest.join(' ')}.`, [`sqlbraid ${first} --help`])
  }
  return new UnknownCommandError(first, nearestName(first, commands))
}
