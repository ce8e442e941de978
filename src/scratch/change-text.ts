import type { Change, ChangeStatement } from './compare-change.ts'

type Script = Pick<Change, 'statements' | 'makesFunctions'>

/** The statements of a change as a script; above each stands, as a comment, what is risky about it. */
export function changeText({ statements, makesFunctions }: Script): string {
  const settings = makesFunctions ? ['SET check_function_bodies = off;'] : []
  return [...settings, ...statements.map(statementText)].join('\n\n')
}

/** The same without comments, for reading what a schema is. */
export function schemaText({ statements, makesFunctions }: Script): string {
  return changeText({
    statements: statements.map(({ sql }) => ({ sql, loses: [], rewrites: false })),
    makesFunctions,
  })
}

function statementText({ sql, loses, locks, rewrites }: ChangeStatement): string {
  const risks = [
    ...loses.map(object => `loses the data of ${object}`),
    ...(locks ? [`locks ${locks.tables.join(' and ')} against ${locks.against}`] : []),
    ...(rewrites ? ['may write the whole table anew'] : []),
  ]
  return [...risks.map(risk => `-- ${risk.replaceAll(/\s+/g, ' ')}`), `${sql};`].join('\n')
}
