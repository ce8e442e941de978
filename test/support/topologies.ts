/** Drawings that several tests share, each with the name the tests call it by. */
export const line = 'a <- b <- c <- d'

export const diamond = `
  a <- b1 <- m
  a <- b2 <- m`

/** Two sides of two revisions, the left one labelled, and their merge. */
export const braid = `
  a <- b1[left] <- b2 <- m
  a <- c1 <- c2 <- m`

/** The braid before its merge. */
export const fork = `
  a <- b1[left] <- b2
  a <- c1 <- c2`

export const crissCross = `
  a <- b1 <- m1 <- n1
  a <- b2 <- m2 <- n2
  b2 <- m1
  b1 <- m2`

export const mergeOfThree = `
  a <- b1 <- m
  a <- b2 <- m
  a <- b3 <- m`

export const twoRoots = `
  n1 <- n2
  p1 <- p2`

export const branchOffABranch = `
  a <- b1[feature] <- b2
  b1 <- s1[sub] <- s2
  a <- t1`

/** Two roots; the second revision of one depends on the tip of the other. */
export const dependencyAcrossRoots = `
  n1[net] <- n2(a2) <- n3
  a1[acct] <- a2`
