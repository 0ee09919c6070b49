/** Makes a backend's package out of the template's folders. */
export { type Answers, type Code, codes, type Kind, kinds, Refusal } from './answers.js'
export { createBackend } from './create.js'
