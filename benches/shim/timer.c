/* Times commands against each other: vfork, execve, wait, in nanoseconds of the monotonic clock.
 *
 *   timer OUT ROUNDS WARM-UPS (COUNT WORD...)...
 *
 * A round starts each command once, in an order drawn anew, so that whatever drifts drifts for all;
 * what the warm-ups take is not kept. A command's first word is its path; it gets the path's last
 * part as its own name, as a shell would give it. Environment, folder and streams are this
 * program's. OUT gets a line a round, a figure a command, in their order here. A command that does
 * not end with 0 ends the measurement: it did not do what is measured. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 16 };

extern char **environ;

struct command {
    const char *path;
    char **words; /* the name, the arguments, 0 */
};

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long start(const struct command *command) {
    int status = 0;
    long long before = now();
    pid_t child = vfork();
    if (child == 0) {
        execve(command->path, command->words, environ);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    long long after = now();
    if (child < 0 || status != 0) {
        fprintf(stderr, "%s: wait status %#x\n", command->path, child < 0 ? -1 : status);
        exit(1);
    }
    return after - before;
}

/* xorshift: the order needs no better, and is the same in each run of the benchmark. */
static unsigned draw(unsigned below) {
    static unsigned long long state = 0x9e3779b97f4a7c15ULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)((state >> 32) % below);
}

static int read_commands(char **words, struct command *commands) {
    int count = 0;
    while (*words && count < MOST) {
        long length = strtol(*words, NULL, 10);
        /* The number's place takes the end of the command before it. */
        *words = NULL;
        char **first = words + 1;
        commands[count].path = *first;
        char *slash = strrchr(*first, '/');
        commands[count].words = first;
        *first = slash ? slash + 1 : *first;
        words = first + length;
        count++;
    }
    return count;
}

int main(int argc, char **argv) {
    if (argc < 6) {
        fputs("timer OUT ROUNDS WARM-UPS (COUNT WORD...)...\n", stderr);
        return 2;
    }
    struct command commands[MOST];
    long rounds = atol(argv[2]), warm = atol(argv[3]);
    int count = read_commands(argv + 4, commands);
    long long *figures = calloc((size_t)(rounds * count), sizeof *figures);
    FILE *out = fopen(argv[1], "w");
    if (!figures || !out) {
        perror(argv[1]);
        return 1;
    }
    for (long round = -warm; round < rounds; round++) {
        int order[MOST];
        for (int i = 0; i < count; i++) {
            int other = (int)draw((unsigned)i + 1);
            order[i] = i;
            order[i] = order[other];
            order[other] = i;
        }
        for (int i = 0; i < count; i++) {
            long long took = start(&commands[order[i]]);
            if (round >= 0) figures[round * count + order[i]] = took;
        }
    }
    for (long i = 0; i < rounds * count; i++) {
        fprintf(out, "%lld%c", figures[i], (i + 1) % count ? ' ' : '\n');
    }
    return fclose(out) == 0 ? 0 : 1;
}
