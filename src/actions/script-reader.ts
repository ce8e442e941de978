import { checksumOf } from '../revision/body-checksum.ts'
import { includeReader } from '../revision/include-reader.ts'
import { parseScript, readScript, type Script } from '../revision/script-file.ts'
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
  readonly checksum: string
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
  /**
   * Keeps the checksum of a body that somebody has read anyway. What was seen so may only confirm: a file that had another
   * checksum then is read again.
   */
  readonly see: (file: string, body: string) => void
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
  const checksum = (script: Script) =>
    checksumOf(withIncludes({ file: script.file, ...sliceText(script, script.bodyStart) }, readInclude))
  const known = new Map<string, string>()
  const seen = new Map<string, string>()
  const open = (file: string) => {
    const draft = drafts.get(file)
    return draft === undefined ? readScript(file) : parseScript(draft, file)
  }
  return {
    read: (file, lexer = {}) => {
      const script = open(file)
      const { header, transaction } = script
      const expansion = expandScript(script, { variables: scriptVariables(settings), readInclude, lexer })
      return { file, header, transaction, ...expansion, checksum: checksum(script) }
    },
    hasChecksum: (file, expected) => {
      if (seen.get(file) === expected) return true
      const found = known.get(file) ?? checksum(open(file))
      known.set(file, found)
      return found === expected
    },
    see: (file, body) => {
      if (!mayInclude(body)) seen.set(file, checksumOf({ text: body }))
    },
  }
}
