import { readCommand } from './command.ts'
import { readableArguments, readableTokens } from './readable-tokens.ts'
import { readReference } from './reference.ts'

/** The variables that a script expects to be set by who includes it. */
export interface FreeVariables {
  readonly required: readonly string[]
  /** The script asks (`:{?name}`) whether they are set. */
  readonly optional: readonly string[]
}

/**
 * Finds the variables that a script reads before it sets them itself, in the order of their first use, in all branches of
 * its `\if`. Takes a script with its includes in their places (`withIncludes`).
 */
export function freeVariables(script: string): FreeVariables {
  const known = new Set<string>()
  const tested = new Set<string>()
  const read = new Set<string>()
  const note = (name: string, isTest: boolean) => {
    if (!known.has(name)) (isTest ? tested : read).add(name)
    return undefined
  }
  for (const { kind, text } of readableTokens(script)) {
    if (kind === 'variable') {
      const { name, form } = readReference(text)
      note(name, form === 'test')
    } else if (kind === 'command') {
      const command = readCommand(text)
      const [first] = readableArguments(command, note)
      if (first && command.name === '\\set') known.add(first.text)
    }
  }
  return { required: [...read].filter(name => !tested.has(name)), optional: [...tested] }
}
