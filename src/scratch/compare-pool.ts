type Pool = Parameters<typeof import('@supabase/pg-delta/extract').extract>[0]

/** Answers one of pg-delta's questions with its rows; what is no question with none. */
export type Ask = (text: string) => Promise<readonly unknown[]>

/** What pg-delta reads from. */
export function poolOf(ask: Ask): Pool {
  const query = async (text: string) => ({ rows: await ask(text) })
  const client = { query, release: () => {} }
  return { connect: async () => client, query } as unknown as Pool
}
