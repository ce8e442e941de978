import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RevisionProof } from './revision-proof.ts'

/** Proofs of earlier runs, by a key over all that went into them. */
export interface ProofCache {
  readonly get: (key: string) => RevisionProof | undefined
  readonly set: (key: string, proof: RevisionProof) => void
  /** Writes what was added, in place of the file. */
  readonly save: () => void
}

const MOST_PROOFS = 5000

/** Opens the cache in `file`; one that cannot be read counts as empty. Without a file it lasts for this run only. */
export function openProofCache(file: string | undefined): ProofCache {
  const proofs = file === undefined ? new Map<string, RevisionProof>() : readProofs(file)
  return {
    get: key => proofs.get(key),
    set: (key, proof) => proofs.set(key, proof),
    save: () => {
      if (file === undefined) return
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(`${file}.${process.pid}`, JSON.stringify([...proofs].slice(-MOST_PROOFS)))
      renameSync(`${file}.${process.pid}`, file)
    },
  }
}

function readProofs(file: string): Map<string, RevisionProof> {
  try {
    return new Map(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return new Map()
  }
}
