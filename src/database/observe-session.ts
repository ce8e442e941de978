import type { ServerFacts } from './login.ts'
import type { SentStatements, Session } from './session.ts'

/** Told about a session: to whom it is, and each round trip with what was sent in it. */
export interface SessionListener {
  readonly onConnected?: (server: ServerFacts) => void
  readonly onRoundTrip?: (texts: readonly string[], durationMs: number) => void
}

/** The same session, of which `listener` is told. */
export function observeSession<S extends Session>(
  session: S,
  { onConnected, onRoundTrip }: SessionListener,
): S {
  onConnected?.(session.server)
  if (onRoundTrip === undefined) return session
  const timed = async <T>(texts: readonly string[], answer: Promise<T>): Promise<T> => {
    const started = performance.now()
    try {
      return await answer
    } finally {
      onRoundTrip(texts, performance.now() - started)
    }
  }
  const timedBatch = (send: SentStatements['follow']): SentStatements['follow'] => {
    return (statements, options) => {
      const sent = send(statements, options)
      const done = timed(
        statements.map(({ text }) => text),
        sent.done,
      )
      return { ...sent, done, follow: timedBatch(sent.follow) }
    }
  }
  return {
    ...session,
    send: timedBatch(session.send),
    query: text => timed([text], session.query(text)),
    pipeline: texts => timed(texts, session.pipeline(texts)),
    copyIn: (text, data) => timed([text], session.copyIn(text, data)),
  }
}
