/* libs: -lzstd */
#include <stddef.h>
#include <zstd.h>

static ZSTD_CCtx *writer;
static ZSTD_DCtx *reader;
static int effort;

static void codec_open(int level)
{
    writer = ZSTD_createCCtx();
    reader = ZSTD_createDCtx();
    effort = level;
}

static int codec_compress(const char *src, char *dst, int cap)
{
    size_t wrote = ZSTD_compressCCtx(writer, dst, cap, src, 4096, effort);
    return ZSTD_isError(wrote) ? -1 : (int)wrote;
}

static int codec_decompress(const char *src, int length, char *dst)
{
    size_t wrote = ZSTD_decompressDCtx(reader, dst, 4096, src, length);
    return ZSTD_isError(wrote) ? -1 : (int)wrote;
}

#include "floor.h"
