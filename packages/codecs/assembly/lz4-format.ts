// The LZ4 block format. A block is a row of sequences: a token, literals, and a match that repeats earlier output.
//
//   token      high nibble: number of literals, low nibble: match length - 4; 15 means that extension bytes follow
//   extension  any number of 255, then one smaller byte; all are added
//   literals   copied as they are
//   offset     u16, how far back the match starts (1 to 65535), after which come the extension bytes of its length
//
// The last sequence ends after its literals. Encoders keep the last five bytes literal, and start no match in the last twelve.

export const MIN_MATCH: u32 = 4
export const LAST_LITERALS: u32 = 5
export const MATCH_START_LIMIT: u32 = 12
export const MAX_OFFSET: u32 = 65535
/** The largest value of a nibble: extension bytes follow. */
export const NIBBLE_FULL: u32 = 15

export const NO_SPACE: i32 = -28
export const CORRUPT: i32 = -74
