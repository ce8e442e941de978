import type { CLIError } from '@oclif/core/errors'
import { UsageError } from '../errors/usage-errors.ts'
import { nearestName } from '../graph/nearest-name.ts'

/** Which command was called, and its flags. */
export interface CalledCommand {
  readonly id: string
  readonly flags: readonly string[]
}

/** What oclif found wrong with a command line, in our words and with a way out. */
export function usageError(error: CLIError, { id, flags }: CalledCommand): UsageError {
  const help = `sqlbraid ${id} --help`
  const unknown = unknownFlag(error)
  const nearest = unknown && nearestName(unknown.replace(/^-+/, ''), flags)
  const hint = nearest === undefined ? '' : ` Did you mean --${nearest}?`
  return new UsageError(`${sentence(error)}${hint}`, [help], { cause: error })
}

function sentence(error: CLIError): string {
  const unknown = unknownFlag(error)
  if (unknown !== undefined) return `There is no flag ${unknown}.`
  const missing = missingArguments(error)
  if (missing.length > 0) return `${missing.map(name => name.toUpperCase()).join(', ')} is missing.`
  const lines = error.message.split('\n').map(line => line.trim())
  return `${lines.filter(isFact).map(inOurWords).join('; ')}.`
}

function unknownFlag(error: CLIError): string | undefined {
  const flags: unknown = 'flags' in error ? error.flags : undefined
  return Array.isArray(flags) ? String(flags[0]) : undefined
}

/** oclif gives the definitions of arguments that are missing, and the texts of those that are too many. */
function missingArguments(error: CLIError): string[] {
  const args: unknown = 'args' in error ? error.args : undefined
  return Array.isArray(args) ? args.flatMap(arg => (typeof arg === 'object' ? [String(arg.name)] : [])) : []
}

function isFact(line: string): boolean {
  return line !== '' && !/^See more help|^The following error/.test(line)
}

function inOurWords(line: string): string {
  return line.replace(/^Missing required flag (\S+)$/, 'The flag --$1 is required').replace(/\.$/, '')
}
