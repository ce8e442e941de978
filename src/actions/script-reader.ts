import { checksumOf } from '../revision/body-checksum.ts'
import { includeReader } from '../revision/include-reader.ts'
import type { Script } from '../revision/script.ts'
import { parseScript, readScript } from '../revision/script-file.ts'
import { type Expansion, expandScript } from '../script/expand.ts'
import { sliceText } from '../script/gaps.ts'
import { mayInclude, withIncludes } from '../script/include.ts'
import type { LexerOptions } from '../script/lexer.ts'
import { scriptVariables } from '../settings/script-variables.ts'
import type { Settings } from '../settings/settings.ts'

/** What of the settings decides what a script becomes. */
export type ScriptSettings = Pick<Settings, 'root' | 'migrations' | 'operations' | 'vars'>

/** A script as it is run: its text is what is sent to the database, and (as `keptText` has it) what the ledger keeps. */
export interface ExpandedScript extends Omit<Script, 'text' | 'gaps' | 'bodyStart'>, Expansion {
  /** Of the file as it was read; works it out. */
  readonly checksum: () => string
}

/** What running a script needs of it, wherever it comes from. */
export type SentScript = Omit<ExpandedScript, 'checksum' | 'included'>

/** Reads scripts for one command. */
export interface ScriptReader {
  /**
   * What is wrong with psql's language is in `problems`. Throws `RevisionFilesError` for a file that cannot be read,
   * `UnsetVariableError`, and `NulCharacterError` for the value of a variable.
   */
  readonly read: (file: string, lexer?: LexerOptions) => ExpandedScript
  /** Whether a file has this checksum, which depends on no variable. Throws `RevisionFilesError`. */
  readonly hasChecksum: (file: string, checksum: string) => boolean
  /** Keeps a script that somebody has read anyway: from then on that is what its file holds, whatever is seen later. */
  readonly see: (script: Script) => void
}

/** Texts of files that are not written yet, by the path they will have. */
export type Drafts = ReadonlyMap<string, string>

/**
 * Gives a reader of scripts with the variables and the folders of the settings; it takes drafts for files. It works out
 * a file's checksum once, however often it is asked: before the lock is taken, and again under it.
 */
export function scriptReader(settings: ScriptSettings, drafts: Drafts = new Map()): ScriptReader {
  const { root, operations, migrations } = settings
  const readInclude = includeReader({ root, others: [operations, ...migrations] })
  const seen = seenScripts()
  const known = new Map<string, string>()
  const checksum = (script: Script) =>
    checksumOf(withIncludes({ file: script.file, ...sliceText(script, script.bodyStart) }, readInclude))
  const open = (file: string) => {
    const draft = drafts.get(file)
    return draft === undefined ? (seen.get(file) ?? readScript(file)) : parseScript(draft, file)
  }
  const knownChecksum = (file: string, script: () => Script) => {
    const found = known.get(file) ?? checksum(script())
    known.set(file, found)
    return found
  }
  return {
    read: (file, lexer = {}) => {
      const script = open(file)
      const { header, transaction } = script
      const expansion = expandScript(script, { variables: scriptVariables(settings), readInclude, lexer })
      // What was read just now may be something else than was read before.
      const isAsKnown = seen.has(script) && !mayInclude(script.text)
      return {
        file,
        header,
        transaction,
        ...expansion,
        checksum: () => (isAsKnown ? knownChecksum(file, () => script) : checksum(script)),
      }
    },
    hasChecksum: (file, expected) => knownChecksum(file, () => open(file)) === expected,
    see: seen.add,
  }
}

/** So many characters of scripts are kept at most; those of all but very large histories are fewer. */
const MOST_KEPT = 16 * 1024 * 1024

function seenScripts() {
  const scripts = new Map<string, Script>()
  let room = MOST_KEPT
  return {
    add: (script: Script) => {
      if (scripts.has(script.file) || script.text.length > room) return
      room -= script.text.length
      scripts.set(script.file, script)
    },
    get: (file: string) => scripts.get(file),
    has: (script: Script) => scripts.get(script.file) === script,
  }
}
