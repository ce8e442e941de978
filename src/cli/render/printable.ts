/**
 * Text from files, names and servers, made safe for a terminal: control characters (escape sequences, carriage
 * returns, bidirectional overrides) show as `\x1b`, `\u202e`; line ends and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, character => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
}

/** As `printable`, on one line. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s*[\r\n]\s*/g, ' '))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
