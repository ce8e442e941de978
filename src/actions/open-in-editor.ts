import { spawn } from 'node:child_process'
import { EditorFailedError } from '../errors/authoring-errors.ts'
import type { Environment } from '../settings/variables.ts'

/**
 * Opens files in the user's editor and waits for it to end. `$VISUAL` and `$EDITOR` may hold arguments, so the shell
 * reads them, as git does; the paths never pass through it. Throws `EditorFailedError`.
 */
export function openInEditor(files: readonly string[], env: Environment): Promise<void> {
  const editor = env['VISUAL'] || env['EDITOR'] || (process.platform === 'win32' ? 'notepad' : 'vi')
  const [command, args] =
    process.platform === 'win32' ? [editor, files] : ['sh', ['-c', `${editor} "$@"`, editor, ...files]]
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...env } })
    child.once('error', error => reject(new EditorFailedError(editor, error.message, { cause: error })))
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else
        reject(new EditorFailedError(editor, signal ? `it was ended by ${signal}` : `it ended with ${code}`))
    })
  })
}
