/*
 * A block device, written and read with O_DIRECT.
 *
 * usage: block DEVICE PAGES; then a line per pass on standard input: "w REQUEST ROTATE FROM TO" writes the device's pages from number
 * FROM up to, and not with, number TO in requests of REQUEST bytes, the one at offset i taking its contents from i + ROTATE;
 * "r REQUEST ROTATE FROM TO" reads them; "v REQUEST ROTATE FROM TO" compares with what such a write left. Each is answered by
 * "wall-ns cpu-ns pages". libs:
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static uint64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 3) fail("usage: block DEVICE PAGES");
    int from = open(argv[2], O_RDONLY);
    int fd = open(argv[1], O_RDWR | O_DIRECT);
    struct stat st;
    if (from < 0 || fstat(from, &st) != 0) fail("cannot open the pages");
    if (fd < 0) fail("cannot open the device");
    uint64_t size = st.st_size / PAGE * PAGE;
    char *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (uint64_t at = 0; at < size;) {
        ssize_t got = pread(from, pages + at, size - at, at);
        if (got <= 0) fail("cannot read the pages");
        at += got;
    }
    char *buffer = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    puts("ready");
    fflush(stdout);

    char line[64], kind;
    unsigned long long request, rotate, first, to;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%c %llu %llu %llu %llu", &kind, &request, &rotate, &first, &to) != 5 || first > to || to > size / PAGE)
            fail("bad line");
        uint64_t end = to * PAGE;
        uint64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
        for (uint64_t at = first * PAGE; at < end; at += request) {
            uint64_t want = end - at < request ? end - at : request;
            uint64_t source = (at + rotate) % size;
            if (source + want > size) source = size - want;
            ssize_t moved = kind == 'w' ? pwrite(fd, pages + source, want, at) : pread(fd, buffer, want, at);
            if (moved != (ssize_t)want) fail("request failed");
            if (kind == 'v' && memcmp(buffer, pages + source, want) != 0) fail("the device gives back other bytes");
        }
        wall = now(CLOCK_MONOTONIC) - wall;
        cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        printf("%llu %llu %llu\n", (unsigned long long)wall, (unsigned long long)cpu, to - first);
        fflush(stdout);
    }
    return 0;
}
