/** The promises of a document: table rows whose first cell is a name such as C12, and the tests that their last cell names. */

/**
 * @typedef {{ kind: 'kit' | 'harness', id: string } | { kind: 'file', path: string, title: string | undefined }} Reference
 * @typedef {{ name: string, references: Reference[] }} Promised
 */

/** @param {string} markdown @returns {Promised[]} */
export function promisesOf(markdown) {
  const rows = markdown.split(/\r?\n/).map((line) => line.split('|').map((cell) => cell.trim()))
  return rows
    .filter((cells) => /^[A-Z]+\d+$/.test(cells[1] ?? ''))
    .map((cells) => ({ name: String(cells[1]), references: referencesOf(cells.at(-2) ?? '') }))
}

/** @param {string} text @returns {Reference[]} */
function referencesOf(text) {
  return [...text.matchAll(/`([^`]+)`(?:\s+"([^"]+)")?/g)].map((match) => {
    const named = String(match[1])
    const id = /^(kit|harness) (\S+)$/.exec(named)
    if (id) return { kind: id[1] === 'kit' ? 'kit' : 'harness', id: String(id[2]) }
    return { kind: 'file', path: named, title: match[2] }
  })
}
