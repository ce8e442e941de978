import type { MigrateListener } from '../../actions/migrate.ts'
import type { VerifyListener } from '../../actions/verify.ts'
import type { Blocker } from '../../database/blockers.ts'
import type { RunnableStep } from '../../database/runnable-step.ts'
import { describeHolder } from '../../errors/database-errors.ts'
import { renderDuration } from './duration.ts'
import { printable, printableLine } from './printable.ts'
import type { Style } from './style.ts'
import { renderOutcome } from './verify.ts'

/** A step in one line: `up   4f1c2ab39d07  add invoices`. */
export function renderStep(
  direction: 'up' | 'down',
  revision: string,
  message: string,
  style: Style,
): string {
  const way = direction === 'up' ? style.green('up  ') : style.magenta('down')
  return `${way} ${style.yellow(revision)}  ${printableLine(message)}`.trimEnd()
}

/** Where progress is written: whole lines, and one line that is replaced until the next. */
export interface ProgressOutput {
  readonly line: (text: string) => void
  readonly status: (text: string) => void
}

/** Turns what happens in a run into lines: one for each revision when it is done, with its time. */
export function progressListener(output: ProgressOutput, style: Style): MigrateListener {
  return {
    onWaiting: holder =>
      output.line(
        `waiting for the lock${holder ? `, held by ${printableLine(describeHolder(holder))}` : ''}`,
      ),
    onAbandoned: ({ revision, runId, user }) =>
      output.line(
        printableLine(`going on with ${revision}: run ${runId} of ${user} left it half-way, and is dead`),
      ),
    onHook: name => output.line(`hook ${name}`),
    onBackup: ({ file, restore }) => {
      output.line(`backup: ${printableLine(file)}`)
      output.line(`restore it with: ${printableLine(restore)}`)
    },
    onStepStarted: (step, index, total) =>
      output.status(
        `${style.dim(`${index + 1} of ${total}, ${total - index - 1} left:`)} ${stepLine(step, style)}`,
      ),
    onStepDone: (step, durationMs) =>
      output.line(`${stepLine(step, style)}  ${style.dim(renderDuration(durationMs))}`),
    onUnsetVariable: ({ name, place: { file, line, column } }) =>
      output.line(
        printableLine(
          `${file}:${line}:${column}: the variable ${name} is not set and stays as it is written`,
        ),
      ),
    onEcho: (_, text) => output.line(`     ${printable(text)}`),
    onBlocked: (_, blockers) => {
      for (const blocker of blockers)
        output.line(`     ${style.yellow('waiting')} for ${renderBlocker(blocker)}`)
    },
    onRetry: (_, { reason, attempt, attempts, pauseMs }) =>
      output.line(
        `     ${style.yellow('undone')}, ${printableLine(reason)}; trying again in ${renderDuration(pauseMs)} (${attempt} of ${attempts})`,
      ),
    onIndexBuild: (_, { index, pid, phase, percent }) =>
      output.status(
        `     pid ${pid} still builds ${printableLine(index)}: ${phase}${percent === undefined ? '' : `, ${percent} %`}`,
      ),
    onNotice: (_, { severity, message }) =>
      output.line(`     ${style.cyan(severity.toLowerCase())}: ${printable(message)}`),
  }
}

/** Turns what is tried in throw-away databases into lines; the steps themselves only pass by. */
export function proofProgress(output: ProgressOutput, style: Style): VerifyListener {
  return {
    onProof: (proof, done, total) =>
      output.line(`${renderOutcome(proof, style)}  ${style.dim(`(${done} of ${total})`)}`),
    onTrial: ([one, other]) =>
      output.line(`trying ${style.yellow(one)} and ${style.yellow(other)} in both orders`),
    onStepStarted: (step, index, total) =>
      output.status(`${stepLine(step, style)}  (${index + 1} of ${total})`),
  }
}

/** What the first signal does, for the one who sent it. */
export function renderInterruption(signal: string, finishCurrent: boolean): string {
  const what = finishCurrent ? 'ending after the running revision' : 'cancelling the running revision'
  return `${signal}: ${what}; once more ends at once`
}

function renderBlocker({ pid, application, user, state, query, ageSeconds }: Blocker): string {
  const who = [`pid ${pid}`, application, user].filter(part => part !== '').join(', ')
  return printableLine(`${who}: ${state} for ${renderDuration(ageSeconds * 1000)}: ${query}`)
}

function stepLine(step: RunnableStep, style: Style): string {
  return renderStep(step.direction, step.revision, step.message, style)
}
