/** Whether the locale of the terminal says that it shows UTF-8; of the three variables the first that is set decides. */
export function isUtf8Locale(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')
}
