import { UnsetVariableError } from '../errors/settings-errors.ts'

/** Environment variables: the process's own over those of a `.env` file. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * A text whose `${NAME}` have been read from the environment, with the names that were not set: whether
 * that matters is known only when the text is needed (`requireText`).
 */
export interface ExpandedText {
  readonly text: string
  readonly unset: readonly string[]
}

// `$${` first, so that the escape wins over the variable it escapes.
const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Replaces each `${NAME}` by the environment variable NAME; `$${` stands for a literal `${`. */
export function expandVariables(template: string, env: Environment): ExpandedText {
  const unset: string[] = []
  const text = template.replace(VARIABLE, (written, name: string | undefined) => {
    if (name === undefined) return '${'
    const value = env[name]
    if (value === undefined) unset.push(name)
    return value ?? written
  })
  return { text, unset }
}

/** The template that expands to exactly `text`, whatever the environment. */
export function escapeVariables(text: string): string {
  return text.replaceAll('${', () => '$${')
}

/** Whether expanding may change the text. */
export function hasVariables(template: string): boolean {
  return template.includes('${')
}

/** The text, now that it is needed; `setting` names it in the UnsetVariableError thrown when a variable lacks. */
export function requireText({ text, unset }: ExpandedText, setting: string): string {
  if (unset.length > 0) throw new UnsetVariableError(setting, unset)
  return text
}
