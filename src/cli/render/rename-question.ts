import type { PossibleRename } from '../../scratch/compare-alike.ts'

/** Asks whether an object that goes and one that comes are one: `Is column public.account.name now called title?` */
export function renderRenameQuestion({ kind, from, to }: PossibleRename): string {
  const words = kind.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return `Is ${words} ${from} now called ${to.slice(to.lastIndexOf('.') + 1)}?`
}
