import { type ExpandedText, requireText } from './variables.ts'

/** The variables for scripts, from `[vars]` and `-v`. Throws UnsetVariableError when one reads a variable that is not set. */
export function scriptVariables({
  vars,
}: {
  readonly vars: Readonly<Record<string, ExpandedText>>
}): ReadonlyMap<string, string> {
  return new Map(Object.entries(vars).map(([name, text]) => [name, requireText(text, `[vars] ${name}`)]))
}
