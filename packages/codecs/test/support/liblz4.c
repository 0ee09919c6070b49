/* Does what it is told on stdin with the LZ4 library of the machine. All numbers are little-endian, 4 bytes.
 * request: operation (0 compress fast, 1 compress HC, 2 decompress), level, dictionary bytes, source bytes, capacity; dictionary; source
 * answer:  result; that many bytes if it is above 0 */
#include <lz4.h>
#include <lz4hc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static char *take(uint32_t bytes) {
  char *at = malloc(bytes + 1);
  if (!at || fread(at, 1, bytes, stdin) != bytes) exit(1);
  return at;
}

static int compress_fast(const char *dict, int dict_bytes, const char *src, int bytes, char *dst, int capacity, int level) {
  if (!dict_bytes) return LZ4_compress_fast(src, dst, bytes, capacity, level);
  LZ4_stream_t *stream = LZ4_createStream();
  LZ4_loadDict(stream, dict, dict_bytes);
  int result = LZ4_compress_fast_continue(stream, src, dst, bytes, capacity, level);
  LZ4_freeStream(stream);
  return result;
}

static int compress_hc(const char *dict, int dict_bytes, const char *src, int bytes, char *dst, int capacity, int level) {
  LZ4_streamHC_t *stream = LZ4_createStreamHC();
  LZ4_resetStreamHC_fast(stream, level);
  if (dict_bytes) LZ4_loadDictHC(stream, dict, dict_bytes);
  int result = LZ4_compress_HC_continue(stream, src, dst, bytes, capacity);
  LZ4_freeStreamHC(stream);
  return result;
}

int main(void) {
  uint32_t request[5];
  while (fread(request, sizeof request, 1, stdin) == 1) {
    int level = request[1], dict_bytes = request[2], bytes = request[3], capacity = request[4];
    char *dict = take(dict_bytes), *src = take(bytes), *dst = malloc(capacity + 1);
    int result = request[0] == 0   ? compress_fast(dict, dict_bytes, src, bytes, dst, capacity, level)
                 : request[0] == 1 ? compress_hc(dict, dict_bytes, src, bytes, dst, capacity, level)
                                   : LZ4_decompress_safe_usingDict(src, dst, bytes, capacity, dict, dict_bytes);
    fwrite(&result, sizeof result, 1, stdout);
    if (result > 0) fwrite(dst, 1, result, stdout);
    free(dict), free(src), free(dst);
  }
  return 0;
}
