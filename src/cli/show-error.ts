import { exitCodeOf } from './exit-codes.ts'
import { errorDocument, renderError } from './render/error.ts'
import { styleFor } from './terminal.ts'

/** How an error reaches the user: on stderr, or as the one JSON document on stdout; and what the process says at its end. */
export function showError(error: unknown, { asJson }: { readonly asJson: boolean }): void {
  process.exitCode = exitCodeOf(error)
  if (asJson) process.stdout.write(`${JSON.stringify(errorDocument(error), null, 2)}\n`)
  else process.stderr.write(renderError(error, styleFor(process.stderr)))
}
