import type { Session } from '../database/session.ts'
import { type Catalog, compareCatalogs, type Difference, understandCatalog } from './compare.ts'
import {
  type Answers,
  areSame,
  askAtOnce,
  askingNoMore,
  type Questions,
  withoutSchemas,
} from './compare-questions.ts'
import type { Scope } from './compare-scope.ts'
import type { Sides } from './compare-values.ts'

/** What a session answered about a catalog, which is understood only where that is needed. */
export interface AnsweredCatalog {
  readonly answers: Answers
  readonly scope: Scope
}

/** What a comparison has found, and, in one sentence for each kind, what it could not see. */
export interface Comparison extends Difference, Pick<Catalog, 'notCompared'> {}

/** Asks for the catalog of the session's database, as `readCatalog`; `questions` as `foresee` gives them. */
export async function askForCatalog(
  session: Session,
  scope: Scope,
  questions?: Questions,
): Promise<AnsweredCatalog> {
  return { answers: await askAtOnce(session, scope, questions), scope }
}

/** The catalog that was answered. Throws `UnforeseenQuestionError`. */
export function understand({ answers, scope }: AnsweredCatalog): Promise<Catalog> {
  return understandCatalog(askingNoMore(answers), scope)
}

/**
 * As `compareCatalogs`, of two catalogs within one scope. All that a catalog can be is in the answers it is made from: where
 * these are the same, so are the catalogs. Throws `UnforeseenQuestionError`.
 */
export async function compareAnswered(
  from: AnsweredCatalog,
  to: AnsweredCatalog,
  sides: Sides,
): Promise<Comparison> {
  if (areSame(from.answers, to.answers)) return { ...NO_DIFFERENCE, notCompared: await unseenIn(from) }
  const [one, other] = [await understand(from), await understand(to)]
  return { ...(await compareCatalogs(one, other, sides)), notCompared: one.notCompared }
}

const NO_DIFFERENCE = { changes: [], sql: '', columnOrder: [] }

/** What no comparison of a catalog could see; telling that takes a small part of the time of understanding it all. */
export async function unseenIn({ answers, scope }: AnsweredCatalog): Promise<Catalog['notCompared']> {
  return (await understand({ answers: withoutSchemas(answers), scope })).notCompared
}
