/** The version of this program, as the ledger and the scripts for psql name it; that of package.json. */
export const TOOL_VERSION = '0.1.0'
