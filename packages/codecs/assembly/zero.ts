/** Fills a table with zeros, a vector at a time. `bytes` is a multiple of 64, and not 0. */
export function zero(table: usize, bytes: usize): void {
  const none = i64x2.splat(0)
  const end = table + bytes
  do {
    v128.store(table, none)
    v128.store(table, none, 16)
    v128.store(table, none, 32)
    v128.store(table, none, 48)
    table += 64
  } while (table < end)
}
