import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { BIN, cleanEnvironment } from './cli.ts'

/** Runs its arguments on a terminal of so many columns, copies what is written there, and answers when it is asked. */
const PROGRAM = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[4], sys.argv[4:])
question, answer = sys.argv[2].encode(), sys.argv[3].encode()
written = b''
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    sys.stdout.buffer.write(chunk)
    written += chunk
    if question and question in written:
        os.write(terminal, answer)
        question = b''
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

/** Whether this machine can give a test a terminal. */
export function hasTerminal(): boolean {
  return spawnSync('python3', ['-c', 'import pty, termios']).status === 0
}

export interface TerminalOptions {
  readonly cwd: string
  readonly columns: number
  readonly env?: Readonly<Record<string, string>>
  /** What is typed as soon as the question is on the terminal; `\x03` is Ctrl-C. */
  readonly answer?: readonly [question: string, typed: string]
}

/** What `sqlbraid` writes to a terminal of `columns`, escape sequences and all; line ends are `\r\n`. */
export async function writtenToTerminal(
  args: readonly string[],
  { cwd, columns, env = {}, answer = ['', ''] }: TerminalOptions,
): Promise<string> {
  const onTerminal = [String(columns), ...answer, process.execPath, BIN, ...args]
  const child = spawn('python3', ['-c', PROGRAM, ...onTerminal], {
    cwd,
    env: cleanEnvironment({ TERM: 'xterm-256color', ...env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [written] = await Promise.all([text(child.stdout), once(child, 'close')])
  return written
}
