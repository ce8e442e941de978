import { CommandError, UnclosedError } from '../errors/script-errors.ts'

/**
 * The `\if` blocks that are open in one file, the innermost last; changed in place. A branch is `taken`; or it is
 * `sought`, as none was true so far; or the rest of its block is `passed` over.
 */
export type Conditions = Condition[]

interface Condition {
  readonly offset: number
  branch: 'taken' | 'sought' | 'passed'
  hasElse: boolean
}

const CONDITION_COMMANDS = ['\\if', '\\elif', '\\else', '\\endif'] as const

/** A command that opens, continues or ends an `\if` block. */
export type ConditionCommand = (typeof CONDITION_COMMANDS)[number]

/** Whether `name` is a command about conditions. */
export function isConditionCommand(name: string): name is ConditionCommand {
  return CONDITION_COMMANDS.some(command => command === name)
}

/** Whether what is read now counts. */
export function isActive(conditions: Conditions): boolean {
  return conditions.at(-1)?.branch !== 'sought' && conditions.at(-1)?.branch !== 'passed'
}

/**
 * Carries out a command about conditions that stands at `offset`, as psql does; `isTrue` is asked only where psql
 * looks at the condition. Throws `CommandError`, and what `isTrue` throws.
 */
export function branchOff(
  conditions: Conditions,
  command: ConditionCommand,
  offset: number,
  isTrue: () => boolean,
): void {
  if (command === '\\if') {
    const opened: Condition = { offset, branch: isActive(conditions) ? 'sought' : 'passed', hasElse: false }
    conditions.push(opened)
    opened.branch = nextBranch(opened.branch, isTrue)
    return
  }
  const current = conditions.at(-1)
  if (current === undefined) throw misplaced(`There is no \\if before this ${command}.`, offset)
  if (command === '\\endif') {
    conditions.pop()
    return
  }
  if (current.hasElse) throw misplaced(`${command} cannot follow \\else; \\endif ends the block.`, offset)
  current.hasElse = command === '\\else'
  current.branch = nextBranch(current.branch, () => current.hasElse || isTrue())
}

/** Throws `UnclosedError` when the file ends inside an `\if` block. */
export function refuseOpenCondition(conditions: Conditions): void {
  const open = conditions.at(-1)
  if (open) throw new UnclosedError('UNCLOSED_IF', open.offset)
}

/** The truth of a condition as psql reads it, beginnings of the words included; undefined when it is no such word. */
export function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (word === '') return undefined
  if ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1') return true
  const isFalse = 'false'.startsWith(word) || 'no'.startsWith(word) || word === 'of' || word === 'off'
  return isFalse || word === '0' ? false : undefined
}

function nextBranch(branch: Condition['branch'], isTrue: () => boolean): Condition['branch'] {
  if (branch !== 'sought') return 'passed'
  return isTrue() ? 'taken' : 'sought'
}

function misplaced(message: string, offset: number): CommandError {
  return new CommandError('MISPLACED_CONDITION', message, offset)
}
