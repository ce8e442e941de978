import { diagnose } from '../../actions/doctor/diagnose.ts'
import { BaseCommand } from '../base-command.ts'
import { EXIT } from '../exit-codes.ts'
import { urlFlag } from '../flags.ts'
import { renderFindings } from '../render/findings.ts'

export class Doctor extends BaseCommand {
  static override summary =
    'Check everything that a command relies on, and say what to do where it is not right'
  static override description = 'Changes nothing. Exits with 3 when a problem was found; a warning is none.'
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --env production --json']
  static override flags = { url: urlFlag }

  async run() {
    const { flags } = await this.parse(Doctor)
    const readSettings = () => this.readSettings(flags)
    const findings = await diagnose({ readSettings, cwd: process.cwd(), env: process.env })
    this.log(renderFindings(findings, this.style.out))
    const hasProblem = findings.some(({ outcome }) => outcome === 'problem')
    if (hasProblem) process.exitCode = EXIT.finding
    return { ok: !hasProblem, findings }
  }
}
