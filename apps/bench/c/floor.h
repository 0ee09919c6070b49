/*
 * The loop round a C codec: what is left when everything but the library is free. A codec's file defines
 *   codec_open(level), codec_compress(src, dst, cap), codec_decompress(src, len, dst)
 * and includes this file last. Both answer bytes written, or <= 0.
 *
 * usage: floor PAGES LEVEL; then a line per pass on standard input: "c FROM TO" compresses the pages from number FROM up to, and not
 * with, number TO; "d FROM TO" decompresses them; each is answered by "wall-ns cpu-ns pages compressed-bytes". Pages that one 8-byte
 * word fills never reach a codec: they have numbers, and are left out. As in our own loop, up to 128 KiB are staged in a small buffer
 * first, which is not timed, and results go where they are not kept.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, BATCH = 32, CAP = 2 * PAGE };

static const char *pages;
static uint32_t *order; /* numbers of the pages that reach a codec */
static size_t count;
static uint32_t *lengths;
static char *store;      /* compressed pages, one after the other */
static uint64_t *places; /* where each begins in the store, and where the last ends */

static char input[BATCH * PAGE];
static char output[CAP];
static uint64_t wall_ns, cpu_ns, wall_from, cpu_from;

static uint64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void start(void)
{
    cpu_from = now(CLOCK_PROCESS_CPUTIME_ID);
    wall_from = now(CLOCK_MONOTONIC);
}

static void stop(void)
{
    wall_ns += now(CLOCK_MONOTONIC) - wall_from;
    cpu_ns += now(CLOCK_PROCESS_CPUTIME_ID) - cpu_from;
}

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static void map_pages(const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) fail("cannot open the pages");
    size_t all = st.st_size / PAGE;
    pages = mmap(NULL, all * PAGE, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (pages == MAP_FAILED) fail("cannot map the pages");
    close(fd);
    order = malloc((all + 1) * sizeof *order);
    for (size_t i = 0; i < all; i++)
        if (memcmp(pages + i * PAGE, pages + i * PAGE + 8, PAGE - 8) != 0) order[count++] = i;
}

/* Keeps every compressed page for the decompress passes, and shows that it is right. */
static void fill_store(void)
{
    static char back[PAGE];
    uint64_t used = 0;
    lengths = malloc((count + 1) * sizeof *lengths);
    places = malloc((count + 1) * sizeof *places);
    store = malloc(count * (uint64_t)CAP + CAP);
    for (size_t i = 0; i < count; i++) {
        const char *page = pages + (uint64_t)order[i] * PAGE;
        int wrote = codec_compress(page, store + used, CAP);
        if (wrote <= 0) fail("a page does not compress");
        if (codec_decompress(store + used, wrote, back) != PAGE || memcmp(back, page, PAGE) != 0) fail("a page comes back changed");
        lengths[i] = wrote;
        places[i] = used;
        used += wrote;
    }
    places[count] = used;
}

/* How many of the pages that reach a codec have a number below this one. */
static size_t below(uint32_t number)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (order[middle] < number) low = middle + 1;
        else high = middle;
    }
    return low;
}

static uint64_t compress_pass(size_t from, size_t to)
{
    uint64_t bytes = 0;
    for (; from < to; from += BATCH) {
        size_t n = to - from < BATCH ? to - from : BATCH;
        for (size_t i = 0; i < n; i++) memcpy(input + i * PAGE, pages + (uint64_t)order[from + i] * PAGE, PAGE);
        start();
        for (size_t i = 0; i < n; i++) bytes += codec_compress(input + i * PAGE, output, CAP);
        stop();
    }
    return bytes;
}

static uint64_t decompress_pass(const size_t first, const size_t to)
{
    uint64_t bytes = 0;
    for (size_t from = first, n; from < to; from += n) {
        uint32_t used = 0;
        for (n = 0; from + n < to && n < BATCH && used + lengths[from + n] <= sizeof input; n++) used += lengths[from + n];
        memcpy(input, store + places[from], used);
        start();
        for (size_t i = 0, in = 0; i < n; in += lengths[from + i++]) bytes += codec_decompress(input + in, lengths[from + i], output);
        stop();
    }
    if (bytes != (uint64_t)(to - first) * PAGE) fail("a page does not decompress");
    return places[to] - places[first];
}

int main(int argc, char **argv)
{
    char line[64], kind;
    unsigned first, end;
    if (argc != 3) fail("usage: floor PAGES LEVEL");
    codec_open(atoi(argv[2]));
    map_pages(argv[1]);
    fill_store();
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%c %u %u", &kind, &first, &end) != 3 || first > end) fail("bad line");
        size_t from = below(first), to = below(end);
        wall_ns = cpu_ns = 0;
        uint64_t bytes = kind == 'd' ? decompress_pass(from, to) : compress_pass(from, to);
        printf("%llu %llu %llu %llu\n", (unsigned long long)wall_ns, (unsigned long long)cpu_ns, (unsigned long long)(to - from), (unsigned long long)bytes);
        fflush(stdout);
    }
    return 0;
}
