/* Does what it is told on stdin with the LZO library of the machine. All numbers are little-endian, 4 bytes.
 * request: operation (0 compress with LZO1X-1, 1 with LZO1X-999, 2 decompress), source bytes, capacity; source
 * answer:  result, 0 if all is well; bytes; that many bytes */
#include <lzo/lzo1x.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  uint32_t request[3];
  void *work = malloc(LZO1X_999_MEM_COMPRESS > LZO1X_1_MEM_COMPRESS ? LZO1X_999_MEM_COMPRESS : LZO1X_1_MEM_COMPRESS);
  if (!work || lzo_init() != LZO_E_OK) return 1;
  while (fread(request, sizeof request, 1, stdin) == 1) {
    lzo_uint bytes = request[1], made = request[2];
    unsigned char *src = malloc(bytes + 1), *dst = malloc(made + 1);
    if (!src || !dst || fread(src, 1, bytes, stdin) != bytes) return 1;
    int result = request[0] == 0   ? lzo1x_1_compress(src, bytes, dst, &made, work)
                 : request[0] == 1 ? lzo1x_999_compress(src, bytes, dst, &made, work)
                                   : lzo1x_decompress_safe(src, bytes, dst, &made, NULL);
    uint32_t length = result == LZO_E_OK ? made : 0;
    fwrite(&result, sizeof result, 1, stdout);
    fwrite(&length, sizeof length, 1, stdout);
    fwrite(dst, 1, length, stdout);
    free(src), free(dst);
  }
  return 0;
}
