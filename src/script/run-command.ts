import { BackslashCommandError, CommandError } from '../errors/script-errors.ts'
import { type Argument, readArguments } from './arguments.ts'
import { type Command, includeStart } from './command.ts'
import { branchOff, isActive, isConditionCommand, readBoolean } from './conditions.ts'
import type { Token } from './lexer.ts'
import type { Source } from './pieces.ts'
import { type Input, offsetInFile, type Reading, substituteToken } from './reading.ts'
import { noteProblem, send, valueAt, type Work } from './work.ts'

/** Where a command stands, and what it can change. */
export interface CommandContext {
  readonly reading: Reading
  readonly input: Input
  readonly token: Token
  readonly work: Work
  /** Reads a file in the place of the command. */
  readonly include: (source: Source) => void
}

/**
 * Carries out a backslash command as psql does (command.c). In a branch of `\if` that is not taken only commands about
 * conditions count. Throws `BackslashCommandError` for a command that scripts cannot use, and `CommandError`.
 */
export function runCommand(command: Command, context: CommandContext): void {
  const { reading } = context
  if (isConditionCommand(command.name))
    branchOff(reading.conditions, command.name, offsetOf(context), () => condition(command, context))
  else if (isActive(reading.conditions)) commandFor(command.name)(command, context)
}

type Run = (command: Command, context: CommandContext) => void

const COMMANDS: Readonly<Record<string, Run>> = {
  '\\set': setVariable,
  '\\unset': unsetVariable,
  '\\i': includeFile,
  '\\include': includeFile,
  '\\ir': includeFile,
  '\\include_relative': includeFile,
  '\\echo': echo,
  '\\;': semicolon,
  '\\:': colon,
}

function commandFor(name: string): Run {
  return (Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined) ?? refuse
}

function refuse({ name }: Command, context: CommandContext): void {
  throw new BackslashCommandError(name, offsetOf(context))
}

/** The value is all arguments after the name, joined without space. */
function setVariable(command: Command, context: CommandContext): void {
  const [name, ...values] = argumentsOf(command, context)
  context.work.variables.set(requireName(name, command, context), values.map(({ text }) => text).join(''))
}

function unsetVariable(command: Command, context: CommandContext): void {
  const [name] = argumentsOf(command, context)
  context.work.variables.delete(requireName(name, command, context))
}

function requireName(argument: Argument | undefined, command: Command, context: CommandContext): string {
  const name = requireArgument(argument, command, context)
  if (/^[\w\u0080-\uffff]+$/.test(name.text)) return name.text
  const rule = `The name of a variable is letters, digits and _; ${JSON.stringify(name.text)} is none.`
  throw new CommandError('BAD_VARIABLE_NAME', rule, offsetOf(context))
}

function includeFile(command: Command, context: CommandContext): void {
  const { reading, work, include } = context
  const offset = offsetOf(context)
  const [argument] = argumentsOf(command, context)
  const path = requireArgument(argument, command, context).withoutSemicolons
  const start = includeStart(command.name) ?? 'root'
  const found = work.readInclude({ path, start, from: reading.source.file })
  if ('problems' in found) {
    for (const problem of found.problems)
      if (problem.file === undefined) noteProblem(reading, offset, problem, work)
      else work.problems.push(problem)
  } else if (reading.chain.includes(found.file)) {
    const loop = [...reading.chain.slice(reading.chain.indexOf(found.file)), found.file].join(' → ')
    noteProblem(
      reading,
      offset,
      { code: 'INCLUDE_LOOP', message: `The file includes itself: ${loop}.` },
      work,
    )
  } else {
    include(found)
  }
}

/** `-n`, unless quoted, is psql's option to stay on the line; each echo is a notice of its own here. */
function echo(command: Command, context: CommandContext): void {
  const [first, ...rest] = argumentsOf(command, context)
  const isOption = first?.text === '-n' && !first.isQuoted
  const shown = first === undefined || isOption ? rest : [first, ...rest]
  context.work.echoes.push(shown.map(({ text }) => text).join(' '))
}

function semicolon(_: Command, { reading, input, token, work }: CommandContext): void {
  if (substituteToken(reading, input, { ...token, kind: 'semicolon' }, ';')) send(reading, work)
}

function colon(_: Command, { reading, input, token }: CommandContext): void {
  substituteToken(reading, input, { ...token, kind: 'symbol' }, ':')
}

function condition(command: Command, context: CommandContext): boolean {
  const text = argumentsOf(command, context)
    .map(argument => argument.text)
    .join(' ')
  const truth = readBoolean(text)
  if (truth !== undefined) return truth
  const rule = `The condition ${JSON.stringify(text)} is neither true nor false (on, off, yes, no, 1 and 0 count too).`
  throw new CommandError('BAD_CONDITION', rule, offsetOf(context))
}

function argumentsOf(command: Command, context: CommandContext): readonly Argument[] {
  const { reading, work } = context
  const offset = offsetOf(context)
  return readArguments(command, offset, valueAt(reading, offset, work))
}

function requireArgument(
  argument: Argument | undefined,
  { name }: Command,
  context: CommandContext,
): Argument {
  if (argument) return argument
  throw new CommandError('MISSING_ARGUMENT', `${name} needs an argument.`, offsetOf(context))
}

function offsetOf({ input, token }: CommandContext): number {
  return offsetInFile(input, token.start)
}
