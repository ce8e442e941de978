/** The time that a version or the start of a file name tells: a date, a timestamp, or the seconds or milliseconds of Unix. */
export function instantOf(version: string): string | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = CALENDAR.exec(version) ?? []
  if (year) return checked(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (/^1\d{9}$/.test(version)) return textOf(Number(version) * 1000)
  return /^1\d{12}$/.test(version) ? textOf(Number(version)) : undefined
}

/** Versions as numbers, part by part: `9` before `10`, `1.2` before `1.10`. */
export function compareVersions(a: string, b: string): number {
  const [ours, theirs] = [partsOf(a), partsOf(b)]
  for (let at = 0; at < Math.max(ours.length, theirs.length); at++) {
    const [one = 0n, other = 0n] = [ours[at], theirs[at]]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** The words of a file's name as a message. */
export function messageOf(name: string): string {
  return name.replace(/[_-]+/g, ' ').trim()
}

const CALENDAR =
  /^((?:19|20)\d{2})[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?:[-_]?([01]\d|2[0-3])[-_]?([0-5]\d)[-_]?([0-5]\d)\d*)?$/

function checked(instant: string): string | undefined {
  const time = Date.parse(instant)
  return Number.isNaN(time) ? undefined : textOf(time)
}

function textOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

function partsOf(version: string): bigint[] {
  return version.split(/[._]/).map(part => (/^\d+$/.test(part) ? BigInt(part) : 0n))
}
