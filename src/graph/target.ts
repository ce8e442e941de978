import { BadTargetError } from '../errors/graph-errors.ts'

/** A target as it was typed, taken apart; what the names in it mean is `resolveTarget`'s business. */
export interface Target {
  /** What stands before `@`: the target is meant within the lineage of this revision or label. */
  readonly lineage?: string
  /** `head`, `heads`, `base`, `current`, or an id or a label, in full or its beginning. */
  readonly anchor: string
  /** How many revisions above the anchor, or below it when negative. */
  readonly offset: number
}

/** The two ends of a range as typed; a missing end is open. */
export interface TargetRange {
  readonly lower?: Target
  readonly upper?: Target
}

/** The anchors that are not names. */
export const SYMBOLS = ['head', 'heads', 'base', 'current'] as const

const TARGET = /^(?:(?<lineage>[\w.]+)@)?(?:(?<anchor>[\w.]+)(?<offset>[+-]\d{1,9})?|(?<count>[+-]\d{1,9}))$/

/**
 * Parses one target: `[LINEAGE@]ANCHOR[+N|-N]`, or `[LINEAGE@]+N|-N`, which counts from `current`.
 * The inverse of `formatTarget`.
 *
 * Takes the text and the command it was typed for, which its errors suggest again.
 * @throws BadTargetError
 */
export function parseTarget(text: string, command: string): Target {
  const { lineage, anchor, offset, count } = TARGET.exec(text)?.groups ?? {}
  const steps = offset ?? count
  if ((anchor ?? count) === undefined || (steps !== undefined && Number(steps) === 0)) {
    throw badTarget(text, command)
  }
  return {
    ...(lineage !== undefined && { lineage }),
    anchor: anchor ?? 'current',
    offset: Number(steps ?? 0),
  }
}

/** Writes a target as it would be typed. */
export function formatTarget({ lineage, anchor, offset }: Target): string {
  const prefix = lineage === undefined ? '' : `${lineage}@`
  if (offset === 0) return prefix + anchor
  return `${prefix}${anchor === 'current' ? '' : anchor}${offset > 0 ? '+' : ''}${offset}`
}

/**
 * Parses a range: `LOWER:UPPER`, where either end may be left out.
 *
 * @throws BadTargetError
 */
export function parseRange(text: string, command: string): TargetRange {
  const [lower, upper, ...more] = text.split(':')
  if (lower === undefined || upper === undefined || more.length > 0) {
    throw new BadTargetError(text, 'is not a range: two targets with one colon between them', [
      `sqlbraid ${command} ${text.split(':')[0]}:`,
      `sqlbraid ${command} -3:current`,
    ])
  }
  return {
    ...(lower !== '' && { lower: parseTarget(lower, command) }),
    ...(upper !== '' && { upper: parseTarget(upper, command) }),
  }
}

interface Mistake {
  readonly pattern: RegExp
  readonly fault: string
  readonly mend: (text: string) => string
}

/** What people type by habit, from other tools or in haste. The first that fits is told. */
const MISTAKES: readonly Mistake[] = [
  { pattern: /^\s*$/, fault: 'is empty', mend: () => 'heads' },
  {
    pattern: /,/,
    fault: 'holds a comma; several targets are separated by spaces',
    mend: text => text.split(/[\s,]+/).join(' '),
  },
  { pattern: /\s/, fault: 'holds a space', mend: text => text.replace(/\s+/g, '') },
  {
    pattern: /:/,
    fault: 'is a range, where one revision is meant',
    mend: text => text.split(':').find(end => end !== '') ?? 'heads',
  },
  {
    pattern: /~\d*$/,
    fault: 'is written as in git; a minus counts downwards',
    mend: text => text.replace(/~(\d*)$/, (_, n) => `-${n || 1}`),
  },
  {
    pattern: /\^+$/,
    fault: 'is written as in git; a minus counts downwards',
    mend: text => text.replace(/\^+$/, carets => `-${carets.length}`),
  },
  { pattern: /[+-]0+$/, fault: 'counts no revision', mend: text => text.replace(/[+-]0+$/, '') || 'current' },
  { pattern: /@$/, fault: "says nothing after '@'", mend: text => `${text}head` },
  { pattern: /^@/, fault: "says nothing before '@'", mend: text => text.slice(1) },
]

function badTarget(text: string, command: string): BadTargetError {
  const mistake = MISTAKES.find(({ pattern }) => pattern.test(text))
  if (mistake === undefined) {
    const fault = 'is not an id, a label, head, heads or base, with +N or -N after it'
    return new BadTargetError(text, fault, ['sqlbraid heads', 'sqlbraid history'])
  }
  const mended = mistake.mend(text).trim()
  const suggestions = mended.split(' ').every(part => TARGET.test(part))
    ? [`sqlbraid ${command} ${mended}`]
    : []
  return new BadTargetError(text, mistake.fault, [...suggestions, 'sqlbraid heads'])
}
