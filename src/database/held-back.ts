/** What comes before its turn, and is told when that has come. */
export interface HeldBack<T> {
  readonly take: (value: T) => void
  /** Tells what was taken, and from now on what is taken. */
  readonly release: () => void
}

/** Holds back what is to be told by `tell`, until it is released. */
export function heldBack<T>(tell: (value: T) => void): HeldBack<T> {
  let held: T[] | undefined = []
  return {
    take: value => {
      if (held) held.push(value)
      else tell(value)
    },
    release: () => {
      for (const value of held ?? []) tell(value)
      held = undefined
    },
  }
}
