/* libs: -lz */
#include <string.h>
#include <zlib.h>

static z_stream writer, reader;

/* Raw deflate with the window and the memory level that the kernel has. */
static void codec_open(int level)
{
    deflateInit2(&writer, level, Z_DEFLATED, -12, 8, Z_DEFAULT_STRATEGY);
    inflateInit2(&reader, -12);
}

static int codec_compress(const char *src, char *dst, int cap)
{
    deflateReset(&writer);
    writer.next_in = (Bytef *)src;
    writer.avail_in = 4096;
    writer.next_out = (Bytef *)dst;
    writer.avail_out = cap;
    return deflate(&writer, Z_FINISH) == Z_STREAM_END ? (int)writer.total_out : -1;
}

static int codec_decompress(const char *src, int length, char *dst)
{
    inflateReset(&reader);
    reader.next_in = (Bytef *)src;
    reader.avail_in = length;
    reader.next_out = (Bytef *)dst;
    reader.avail_out = 4096;
    return inflate(&reader, Z_SYNC_FLUSH) == Z_STREAM_END ? (int)reader.total_out : -1;
}

#include "floor.h"
