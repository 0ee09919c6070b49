/* libs: -llzo2 */
#include <lzo/lzo1x.h>
#include <stdlib.h>

static lzo_voidp work;

static void codec_open(int level)
{
    (void)level;
    lzo_init();
    work = malloc(LZO1X_1_MEM_COMPRESS);
}

static int codec_compress(const char *src, char *dst, int cap)
{
    lzo_uint wrote = cap;
    return lzo1x_1_compress((const lzo_bytep)src, 4096, (lzo_bytep)dst, &wrote, work) == LZO_E_OK ? (int)wrote : -1;
}

static int codec_decompress(const char *src, int length, char *dst)
{
    lzo_uint wrote = 4096;
    return lzo1x_decompress_safe((const lzo_bytep)src, length, (lzo_bytep)dst, &wrote, NULL) == LZO_E_OK ? (int)wrote : -1;
}

#include "floor.h"
