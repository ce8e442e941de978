import type { Change, ChangeStatement } from './compare-change.ts'

type Script = Pick<Change, 'statements' | 'makesFunctions'>

/** The statements of a change as a script; above each stands, as a comment, what is risky about it. */
export function changeText({ statements, makesFunctions }: Script): string {
  const settings = makesFunctions ? [BODIES_UNCHECKED] : []
  return [...settings, ...statements.map(statementText)].join('\n\n')
}

const BODIES_UNCHECKED = '-- a function may name what is made after it\nSET check_function_bodies = off;'

/** The same without comments, for reading what a schema is. */
export function schemaText({ statements, makesFunctions }: Script): string {
  return changeText({
    statements: statements.map(({ sql }) => ({ sql, loses: [], rewrites: false, casts: false })),
    makesFunctions,
  })
}

function statementText({ sql, loses, locks, rewrites, casts }: ChangeStatement): string {
  const risks = [
    ...loses.map(object => `loses the data of ${object}`),
    ...(locks ? [`locks ${locks.tables.join(' and ')} against ${locks.against}`] : []),
    ...(rewrites ? ['may write the whole table anew'] : []),
    ...(casts ? ['casts each value: what the new type cannot hold is cut off, or makes it fail'] : []),
  ]
  return [...risks.map(risk => `-- ${risk.replaceAll(/\s+/g, ' ')}`), `${sql};`].join('\n')
}
