import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { BIN, cleanEnvironment } from './cli.ts'

/** Runs its arguments on a terminal of so many columns, and copies what is written there. */
const PROGRAM = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    sys.stdout.buffer.write(chunk)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

/** Whether this machine can give a test a terminal. */
export function hasTerminal(): boolean {
  return spawnSync('python3', ['-c', 'import pty, termios']).status === 0
}

/** What `sqlbraid` writes to a terminal of `columns`, escape sequences and all; line ends are `\r\n`. */
export async function writtenToTerminal(
  args: readonly string[],
  { cwd, columns, env = {} }: { cwd: string; columns: number; env?: Readonly<Record<string, string>> },
): Promise<string> {
  const child = spawn('python3', ['-c', PROGRAM, String(columns), process.execPath, BIN, ...args], {
    cwd,
    env: cleanEnvironment({ TERM: 'xterm-256color', ...env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [written] = await Promise.all([text(child.stdout), once(child, 'close')])
  return written
}
