/* libs: -llz4 */
#include <lz4.h>
#include <stdlib.h>

static void *state;
static int acceleration;

static void codec_open(int level)
{
    state = malloc(LZ4_sizeofState());
    acceleration = level;
}

static int codec_compress(const char *src, char *dst, int cap)
{
    return LZ4_compress_fast_extState(state, src, dst, 4096, cap, acceleration);
}

static int codec_decompress(const char *src, int length, char *dst)
{
    return LZ4_decompress_safe(src, dst, length, 4096);
}

#include "floor.h"
