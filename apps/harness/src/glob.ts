/** `*` for any run of characters, `?` for one; anything else is itself. */
export function globMatcher(globs: readonly string[]): (text: string) => boolean {
  if (globs.length === 0) return () => true
  const patterns = globs.map((glob) => new RegExp(`^${glob.split('').map(translate).join('')}$`))
  return (text) => patterns.some((pattern) => pattern.test(text))
}

function translate(char: string): string {
  if (char === '*') return '.*'
  if (char === '?') return '.'
  return char.replace(/[.+^${}()|[\]\\]/, '\\$&')
}
