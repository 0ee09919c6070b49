// What a module may export, for the test of the command line.
import { reference } from '../dist/reference.js'

export const broken = Object.freeze({ ...reference(), name: 'Tiny LZ' })
export const good = () => reference()
export const nothing = () => 'no backend'
export const throwing = () => {
  throw new Error('not for you')
}
export const number = 7
export class Something {}
