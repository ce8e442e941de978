/** Whether `text` holds a character that steers a terminal or ends a line: a control character other than a tab, a
 *  line separator, a change of writing direction. Headers are printed, so they may hold none. */
export function hasSteeringCharacter(text: string): boolean {
  return !PLAIN.test(text) && STEERING.test(text)
}

/** `text` as a header can hold it: on one line, every run of white space and steering characters a single space. */
export function oneLine(text: string): string {
  return PLAIN.test(text) ? text : text.replace(GAPS, ' ').trim()
}

/** Words of visible ASCII with single spaces between them, as most texts are: looking closer takes longer. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
const STEERING = /[\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]|(?!\t)\p{Cc}/u
const GAPS = /[\s\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu
