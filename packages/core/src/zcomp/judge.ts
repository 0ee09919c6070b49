/** The one place where a codec's answer is believed or not. */
import { Status } from '../ops.js'

/** A length, `declined` or `fault`: a page that does not fit is one that was declined, and an encoder has no business with `corrupt`. */
export function judgeCompressed(answer: number, capacity: number): number {
  if (answer > 0 && answer <= capacity && Number.isInteger(answer)) return answer
  return answer === Status.declined || answer === Status.noSpace ? Status.declined : Status.fault
}

/** All of the page, `corrupt` or `fault`: a page that came out short is as wrong as one that did not come out. */
export function judgeDecompressed(answer: number, wanted: number): number {
  if (answer === wanted) return answer
  if (answer > 0 && answer < wanted && Number.isInteger(answer)) return Status.corrupt
  return answer === Status.corrupt || answer === Status.noSpace || answer === Status.declined
    ? Status.corrupt
    : Status.fault
}
