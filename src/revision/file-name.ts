import { BadFileTemplateError, quoted } from '../errors/revision-errors.ts'
import { hasSteeringCharacter } from './one-line.ts'

/** What the placeholders of a file template are taken from. */
export interface NamedRevision {
  readonly revision: string
  readonly message: string
  /** `yyyy-mm-ddThh:mm:ssZ` */
  readonly created: string
}

/**
 * The stem of a new revision's files: `template` with `{timestamp}` (yyyymmddhhmmss), `{year}`, `{month}`, `{day}`,
 * `{revision}` and `{slug}` replaced. A `/` makes a subfolder; separators that an empty slug leaves at the end go.
 * Throws `BadFileTemplateError` for any other placeholder, and for a name under which no revision would be found.
 */
export function formatStem(template: string, { revision, message, created }: NamedRevision): string {
  const [year = '', month = '', day = ''] = created.split(/[-T]/)
  const timestamp = created.replace(/\D/g, '')
  const values = new Map(Object.entries({ timestamp, year, month, day, revision, slug: slugOf(message) }))
  const stem = template.replace(/\{([^{}]*)\}/g, (placeholder, name) => {
    const value = values.get(name)
    if (value !== undefined) return value
    const known = [...values.keys()].map(key => `{${key}}`).join(', ')
    throw new BadFileTemplateError(template, `holds ${quoted(placeholder)}, which is none of ${known}`)
  })
  return checkedStem(stem.replace(/[_. -]+$/, ''), template)
}

/**
 * The message as a piece of a file name: lower case, words joined by `_`, at most 40 characters, cut between words.
 * Latin letters lose their accents; letters of other scripts stay what they are.
 */
export function slugOf(message: string): string {
  const withoutAccents = message.normalize('NFKD').replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
  const words =
    withoutAccents
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  const [first = '', ...others] = words.map(word => [...word].slice(0, LONGEST_SLUG).join(''))
  let slug = first
  for (const word of others) {
    if ([...slug, '_', ...word].length > LONGEST_SLUG) break
    slug += `_${word}`
  }
  return slug
}

const LONGEST_SLUG = 40

function checkedStem(stem: string, template: string): string {
  const isFindable = stem.split('/').every(name => name !== '' && !name.startsWith('.'))
  if (isFindable && !stem.includes('\\') && !hasSteeringCharacter(stem)) return stem
  throw new BadFileTemplateError(template, `gives ${quoted(stem)}, which is not a path of visible names`)
}
