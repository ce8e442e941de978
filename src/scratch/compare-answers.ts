import type { Session } from '../database/session.ts'
import { type Catalog, compareCatalogs, type Difference, understandCatalog } from './compare.ts'
import { type Answers, areSame, askAtOnce, askingNoMore } from './compare-questions.ts'
import type { Scope } from './compare-scope.ts'
import type { Sides } from './compare-values.ts'

/** What a session answered about a catalog, which is understood as late as possible. */
export interface AnsweredCatalog {
  readonly answers: Answers
  /** Throws `UnforeseenQuestionError`. */
  readonly understand: () => Promise<Catalog>
}

/** Asks for the catalog of the session's database, as `readCatalog`; `meanwhile` is as in `askAtOnce`. */
export async function askForCatalog(
  session: Session,
  scope: Scope,
  meanwhile?: () => void,
): Promise<AnsweredCatalog> {
  const answers = await askAtOnce(session, scope, meanwhile)
  let catalog: Promise<Catalog> | undefined
  return {
    answers,
    understand: () => {
      catalog ??= understandCatalog(askingNoMore(answers), scope)
      return catalog
    },
  }
}

/**
 * As `compareCatalogs`, of two catalogs within one scope. All that a catalog can be is in the answers it is made from: where
 * these are the same, so are the catalogs. Throws `UnforeseenQuestionError`.
 */
export async function compareAnswered(
  from: AnsweredCatalog,
  to: AnsweredCatalog,
  sides: Sides,
): Promise<Difference> {
  if (areSame(from.answers, to.answers)) return { changes: [], sql: '', columnOrder: [] }
  return compareCatalogs(await from.understand(), await to.understand(), sides)
}
