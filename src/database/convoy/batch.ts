import type { ServerMessage, StatementError } from '../../errors/database-errors.ts'
import { serverMessage } from '../server-message.ts'
import { type ConvoyStatement, firstColumnType, firstValue, readFields } from './messages.ts'

/**
 * Statements of a convoy that were sent together. Where one fails, its batch fails with a `StatementError` that has its
 * index, and the batches behind fail with the very same error.
 */
export interface Batch {
  /** Kept when the first `flushAfter` statements are done. */
  readonly begun: Promise<void>
  /** Kept when all are done, with the first cell of each answer that was asked for. */
  readonly done: Promise<readonly (FirstCell | undefined)[]>
}

/** The first value of an answer, as text, with the OID of its type. */
export interface FirstCell {
  readonly type: number | undefined
  readonly value: string | null
}

export interface BatchOptions {
  /** `begun` tells of the first so many statements. */
  readonly flushAfter?: number
  /** Nothing is sent behind them: they end the convoy. */
  readonly isLast?: boolean
  readonly onNotice: (notice: ServerMessage) => void
}

/** A batch whose answers are arriving. */
export class BatchUnderWay implements Batch {
  readonly begun: Promise<void>
  readonly done: Promise<readonly (FirstCell | undefined)[]>
  readonly #statements: readonly ConvoyStatement[]
  readonly #options: BatchOptions
  readonly #cells: (FirstCell | undefined)[] = []
  #columnType: number | undefined
  #cell: FirstCell | undefined
  #begin: () => void = () => {}
  #end: (cells: readonly (FirstCell | undefined)[]) => void = () => {}
  #refuse: ((reason: StatementError) => void)[] = []

  constructor(statements: readonly ConvoyStatement[], options: BatchOptions) {
    this.#statements = statements
    this.#options = options
    this.begun = new Promise((resolve, reject) => {
      this.#begin = resolve
      this.#refuse.push(reject)
    })
    this.done = new Promise((resolve, reject) => {
      this.#end = resolve
      this.#refuse.push(reject)
    })
    // Whoever has sent it may not come to ask for it, when something before it fails.
    this.begun.catch(() => {})
    this.done.catch(() => {})
  }

  /** The index of the statement whose answer is arriving. */
  get index(): number {
    return this.#cells.length
  }

  get isDone(): boolean {
    return this.index === this.#statements.length
  }

  notice(body: Buffer): void {
    this.#options.onNotice(serverMessage(readFields(body)))
  }

  columns(body: Buffer): void {
    this.#columnType = firstColumnType(body)
  }

  row(body: Buffer): void {
    if (!this.#statements[this.index]?.isAsked) return
    this.#cell ??= { type: this.#columnType, value: firstValue(body) }
  }

  /** The statement is done. */
  completed(): void {
    this.#cells.push(this.#cell)
    this.#cell = undefined
    if (this.index === this.#options.flushAfter || this.isDone) this.#begin()
  }

  /** All is done. */
  settle(): void {
    this.#end(this.#cells)
  }

  fail(error: StatementError): void {
    for (const refuse of this.#refuse) refuse(error)
  }
}
