/** A copy of the workspace as it lies there, committed or not, without what is made from it. */
import { cpSync } from 'node:fs'
import { basename } from 'node:path'
import { root } from './workspace.mjs'

const made = new Set(['.git', '.turbo', '.cache', 'node_modules', 'dist', 'generated', 'coverage'])

/** @param {string} to a folder that is not there yet */
export function copyWorkspace(to) {
  cpSync(root, to, { recursive: true, filter: (path) => path === root || !made.has(basename(path)) })
}
