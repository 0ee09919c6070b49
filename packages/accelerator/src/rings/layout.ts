/**
 * Where the words of one engine's rings lie. Cursors only grow (they wrap at 32 bits): a wake-up carries no count, so one too many does
 * nothing and none can be owed.
 */

/** Words on a cache line. What one side writes shares no line with what the other side writes. */
const line = 16

/** Words in an entry of either ring. */
export const entryWords = 4

type Word =
  | 'bell'
  | 'requestHead'
  | 'mail'
  | 'leave'
  | 'answerHead'
  | 'asleep'
  | 'begun'
  | 'want'
  | 'wantAt'
  | 'sleeps'
  | 'limits'
  | 'lost'
  | 'wakes'
  | 'origin'
  | 'ring'

export const word: Readonly<Record<Word, number>> = {
  /** Main adds one whenever there is something to look at. */
  bell: 0,
  /** Requests published, by main. */
  requestHead: 1,
  /** Messages posted, by main. */
  mail: 2,
  /** 1: the engine is to end, before its next request. Set by main. */
  leave: 3,
  /** Answers published, by the engine. */
  answerHead: line,
  /**
   * 1 while the engine sleeps or is about to, set by the engine, which sleeps on this word; 2 from when main has taken it on itself to wake
   * it, until the engine is up.
   */
  asleep: 2 * line,
  /** 1: the engine may be in a backend's code from now on. Set by the engine, before it looks at `leave` for the first time. */
  begun: 2 * line + 1,
  /** 1: main wants to be woken when `answerHead` reaches `wantAt`. Set by main, cleared by whoever wakes it. */
  want: 3 * line,
  wantAt: 3 * line + 1,
  /** What the engine counts: times asleep, sleeps ended by their limit, those of them with work at hand, wake-ups of main. */
  sleeps: 4 * line,
  limits: 4 * line + 1,
  lost: 4 * line + 2,
  wakes: 4 * line + 3,
  /** Where all cursors start. */
  origin: 4 * line + 4,
  ring: 5 * line,
}

/** Entries of one ring: twice what may be in it, so that an engine that answers twice overtakes nothing before it is found out. */
export function ringEntries(depth: number): number {
  return 2 ** Math.ceil(Math.log2(2 * depth))
}

/** Memory for the two rings of an engine, empty: a new engine gets new memory, so nothing of its predecessor can reach it. */
export function makeRingMemory(depth: number, origin: number): SharedArrayBuffer {
  const words = word.ring + 2 * ringEntries(depth) * entryWords
  const memory = new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT)
  const cursors = new Int32Array(memory)
  cursors[word.origin] = origin
  cursors[word.requestHead] = origin
  cursors[word.answerHead] = origin
  return memory
}
