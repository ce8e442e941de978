/** The library's public door: every verb of the command line as a function over plain data. */
export { type AcceptReport, accept } from './actions/accept.ts'
export type { Disagreement, Tolerance } from './actions/agreement.ts'
export { type BranchRequest, createBranch } from './actions/create-branch.ts'
export { createMerge, type MergeRequest } from './actions/create-merge.ts'
export { type AuthoringSettings, createRevision, type RevisionRequest } from './actions/create-revision.ts'
export { diagnose, type Patient } from './actions/doctor/diagnose.ts'
export type { Finding } from './actions/doctor/finding.ts'
export { downgrade } from './actions/downgrade.ts'
export { type ImportReport, type ImportRequest, importHistory } from './actions/import-history.ts'
export { initProject, type NewProject } from './actions/init-project.ts'
export { type KeptServer, keepEmbeddedServer } from './actions/keep-embedded-server.ts'
export type { MigrateListener, MigrateReport, MigrateRequest } from './actions/migrate.ts'
export { type History, readHistory } from './actions/read-history.ts'
export { type HistoryRange, readHistoryRange } from './actions/read-history-range.ts'
export {
  type DatabaseState,
  readState,
  type ScriptDifference,
  type StateRequest,
} from './actions/read-state.ts'
export { type ReapplyRequest, reapply } from './actions/reapply.ts'
export { type StampRequest, stamp } from './actions/stamp.ts'
export { type SyncRequest, sync } from './actions/sync.ts'
export { upgrade } from './actions/upgrade.ts'
export type { Ledger, LedgerRevision } from './database/ledger.ts'
export type { DatabaseListener } from './database/open-database.ts'
export {
  AlreadyInitializedError,
  EditorFailedError,
  NoTrunkError,
  NotAHeadError,
  NothingToMergeError,
  UnknownFolderError,
} from './errors/authoring-errors.ts'
export {
  type ConnectionAttempt,
  ConnectionError,
  type ConnectionFailure,
  InvalidConnectionError,
} from './errors/connection-errors.ts'
export {
  ConnectionFailedError,
  ConnectionRefusedByServerError,
  LedgerTooNewError,
  type LockHolder,
  LockTimeoutError,
  NoSuitableServerError,
  type ServerMessage,
  SessionLostError,
  StatementError,
} from './errors/database-errors.ts'
export {
  EmbeddedAccountMissingError,
  EmbeddedPackageMissingError,
  EmbeddedServerFailedError,
  EmbeddedServerGoneError,
  EmbeddedVersionMismatchError,
} from './errors/embedded-errors.ts'
export {
  AmbiguousIdError,
  AmbiguousTargetError,
  BadTargetError,
  BrokenRangeError,
  MultipleHeadsError,
  NotAppliedError,
  NotInLineageError,
  RevisionNotAppliedError,
  TargetNeedsDatabaseError,
  TooManyHeadsError,
  UnknownTargetError,
  WalkedTooFarError,
} from './errors/graph-errors.ts'
export {
  ChangedRevisionsError,
  DataNotKeptError,
  MissingDownError,
  NoRevisionsError,
  NotInOneTransactionError,
  PlanDeclinedError,
  PlanOutdatedError,
  ReadOnlyDatabaseError,
  UnfinishedRevisionError,
  UnknownRevisionsError,
} from './errors/history-errors.ts'
export {
  ImportInPlaceError,
  ImportSourceError,
  NotImportableError,
  ToolHistoryError,
  UnknownFormatError,
} from './errors/import-errors.ts'
export {
  BadFileTemplateError,
  BrokenNewRevisionError,
  FilesNotWrittenError,
  RevisionFileExistsError,
  RevisionFilesError,
  UnreadableTemplateError,
} from './errors/revision-errors.ts'
export {
  DataChangedError,
  type FailurePhase,
  type Place,
  RevisionFailedError,
  type ScriptFailure,
  ScriptRunError,
  type StepReport,
} from './errors/run-errors.ts'
export {
  ConfigFileNotFoundError,
  DatabaseNotConfiguredError,
  InvalidSettingsError,
  UnknownEnvironmentError,
  UnsetVariableError,
} from './errors/settings-errors.ts'
export { type Problem, SqlbraidError } from './errors/sqlbraid-error.ts'
export { UnknownCommandError, UsageError } from './errors/usage-errors.ts'
export { branchPoints, heads } from './graph/lineage.ts'
export type { RevisionGraph } from './graph/revision-graph.ts'
export type { Revision, RevisionId, RevisionParts } from './revision/revision.ts'
export type { LineRun } from './script/line-difference.ts'
export { readSettings, type Settings, type SettingsFlags, type Surroundings } from './settings/settings.ts'
