import { UsageError } from '../errors/usage-errors.ts'

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400, w: 604_800 }

/** An instant as `--since` takes it: so long ago (`90s`, `10min`, `2h`, `3d`, `1w`), or an ISO date or time (UTC unless it says). */
export function parseSince(text: string, now: Date): Date {
  const [, amount, unit = ''] = /^(\d{1,9})\s*(s|min|h|d|w)$/.exec(text) ?? []
  const seconds = SECONDS[unit]
  const instant =
    amount === undefined || seconds === undefined
      ? parseIso(text)
      : new Date(now.getTime() - Number(amount) * seconds * 1000)
  if (instant !== undefined && !Number.isNaN(instant.getTime())) return instant
  throw new UsageError(`--since "${text}" is no time.`, [
    'sqlbraid log --since 2h',
    'sqlbraid log --since 2026-11-01T12:30Z',
  ])
}

function parseIso(text: string): Date | undefined {
  const [, date, time = '', zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text) ?? []
  return date === undefined ? undefined : new Date(`${date}T${time || '00:00'}${zone ?? 'Z'}`)
}
