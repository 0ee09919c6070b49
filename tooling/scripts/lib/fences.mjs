/**
 * Fenced code of a markdown text that is marked as TypeScript or JavaScript. A word after the language (as in `ts ignore`) does not
 * take it out: what is not to be run is not fenced as code that runs.
 * @param {string} markdown
 * @returns {{ language: 'ts' | 'js', code: string, line: number }[]} with the line (from 1) where the code starts
 */
export function fencesOf(markdown) {
  /** @type {{ language: 'ts' | 'js', code: string, line: number }[]} */
  const found = []
  /** @type {{ mark: string, language: string, line: number, lines: string[] } | undefined} */
  let open
  markdown.split(/\r?\n/).forEach((text, i) => {
    const fence = /^\s*(`{3,}|~{3,})\s*(\w*)/.exec(text)
    if (!open) {
      if (fence) open = { mark: String(fence[1]), language: languages[String(fence[2])] ?? '', line: i + 2, lines: [] }
    } else if (text.trim().startsWith(open.mark) && /^[`~]+$/.test(text.trim())) {
      const { language, line, lines } = open
      if (language === 'ts' || language === 'js') found.push({ language, code: `${lines.join('\n')}\n`, line })
      open = undefined
    } else open.lines.push(text)
  })
  return found
}

/** @type {Record<string, string>} */
const languages = { ts: 'ts', typescript: 'ts', js: 'js', javascript: 'js' }
