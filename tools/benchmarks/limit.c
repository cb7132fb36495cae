// What one thread of this machine can do at most: the crossbar and the neurons of a workload, and nothing else. No mesh, no
// energy, no record; weights of 8 bits, targets of 16.
//
//   limit W1 FILE REPETITIONS                dense rows
//   limit W2|W3 FILE REPETITIONS flat        one list of synapses per neuron
//   limit W2|W3 FILE REPETITIONS cores       the same synapses as 16 cores hold them: a list per neuron and core
//
// FILE is what workloads.py writes. Prints spikes of one repetition, and the processor seconds of each.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TICKS = 1000, CHANNELS = 1024, FAN_OUT = 100, CORES = 16 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void *take(FILE *file, size_t size) {
  void *data = aligned_alloc(64, (size + 63) / 64 * 64);
  if (!data || fread(data, 1, size, file) != size) {
    fprintf(stderr, "limit: the file is too short\n");
    exit(65);
  }
  return data;
}

__attribute__((noinline)) static void add_row(const int8_t *restrict row, int32_t *restrict sums) {
  for (int i = 0; i < CHANNELS; i++) sums[i] += row[i];
}

static long dense(const int8_t *weights, const uint16_t *active, const int *begin) {
  static int32_t sums[CHANNELS] __attribute__((aligned(64))), v[CHANNELS] __attribute__((aligned(64)));
  long spikes = 0;
  memset(v, 0, sizeof v);
  for (int t = 0; t < TICKS; t++) {
    memset(sums, 0, sizeof sums);
    for (int e = begin[t]; e < begin[t + 1]; e++) add_row(weights + (long)active[e] * CHANNELS, sums);
    int fired = 0;
    for (int i = 0; i < CHANNELS; i++) {
      int32_t x = (v[i] >> 1) + sums[i];
      int fires = x > 1000;
      fired += fires;
      v[i] = fires ? 0 : x;
    }
    spikes += fired;
  }
  return spikes;
}

__attribute__((noinline)) static void add_list(
    const uint16_t *restrict target, const int8_t *restrict weight, int n, int32_t *restrict sums) {
  for (int i = 0; i < n; i++) sums[target[i]] += weight[i];
}

// Updates neurons first ... first + n - 1 and returns how many are in `fired`.
static int update(int first, int n, const int32_t *bias, int32_t *sums, int32_t *v, uint16_t *fired) {
  int count = 0;
  for (int i = first; i < first + n; i++) {
    int32_t x = v[i] - (v[i] >> 5) + sums[i] + bias[i];
    sums[i] = 0;
    int fires = x > 1024;
    fired[count] = i;
    count += fires;
    v[i] = fires ? 0 : x;
  }
  return count;
}

int main(int argc, char **argv) {
  if (argc < 4) return 64;
  FILE *file = fopen(argv[2], "rb");
  if (!file) return 66;
  const int repetitions = atoi(argv[3]);

  if (!strcmp(argv[1], "W1")) {
    int8_t *weights = take(file, CHANNELS * CHANNELS);
    uint8_t *spikes = take(file, TICKS * CHANNELS);
    uint16_t *active = malloc(sizeof *active * TICKS * CHANNELS);
    static int begin[TICKS + 1];
    int n = 0;
    for (int t = 0; t < TICKS; t++) {
      begin[t] = n;
      for (int i = 0; i < CHANNELS; i++)
        if (spikes[t * CHANNELS + i]) active[n++] = i;
    }
    begin[TICKS] = n;
    for (int r = 0; r < repetitions; r++) {
      double start = seconds();
      long fired = dense(weights, active, begin);
      double end = seconds();
      if (r == 0) printf("%ld\n", fired);
      printf("%.9f\n", end - start);
    }
    return 0;
  }

  const int n = !strcmp(argv[1], "W2") ? 4096 : 16384;
  const int flat = argc > 4 && !strcmp(argv[4], "flat");
  const int width = n / CORES;
  uint16_t *targets = take(file, sizeof(uint16_t) * n * FAN_OUT);
  int8_t *weights = take(file, (size_t)n * FAN_OUT);
  int32_t *bias = take(file, sizeof(int32_t) * n);
  // By core: synapses of (core, source) lie from begin[core * n + source] on.
  int *begin = calloc((size_t)CORES * n + 1, sizeof(int));
  uint16_t *core_targets = malloc(sizeof(uint16_t) * n * FAN_OUT);
  int8_t *core_weights = malloc((size_t)n * FAN_OUT);
  for (int s = 0; s < n; s++)
    for (int k = 0; k < FAN_OUT; k++) begin[(targets[s * FAN_OUT + k] / width) * n + s + 1]++;
  for (int i = 0; i < CORES * n; i++) begin[i + 1] += begin[i];
  int *next = malloc(sizeof(int) * CORES * n);
  memcpy(next, begin, sizeof(int) * CORES * n);
  for (int s = 0; s < n; s++)
    for (int k = 0; k < FAN_OUT; k++) {
      int place = next[(targets[s * FAN_OUT + k] / width) * n + s]++;
      core_targets[place] = targets[s * FAN_OUT + k] % width;
      core_weights[place] = weights[s * FAN_OUT + k];
    }
  int32_t *v = malloc(sizeof(int32_t) * n), *sums = malloc(sizeof(int32_t) * n);
  uint16_t *fired = malloc(sizeof(uint16_t) * (n + 1));
  for (int r = 0; r < repetitions; r++) {
    memset(v, 0, sizeof(int32_t) * n);
    memset(sums, 0, sizeof(int32_t) * n);
    long spikes = 0;
    double start = seconds();
    for (int t = 0; t < TICKS; t++) {
      if (flat) {
        int count = update(0, n, bias, sums, v, fired);
        for (int e = 0; e < count; e++)
          add_list(targets + (long)fired[e] * FAN_OUT, weights + (long)fired[e] * FAN_OUT, FAN_OUT, sums);
        spikes += count;
      } else {
        int count = 0;
        for (int core = 0; core < CORES; core++)
          count += update(core * width, width, bias, sums, v, fired + count);
        for (int core = 0; core < CORES; core++)
          for (int e = 0; e < count; e++) {
            long list = (long)core * n + fired[e];
            add_list(
                core_targets + begin[list], core_weights + begin[list], begin[list + 1] - begin[list],
                sums + core * width);
          }
        spikes += count;
      }
    }
    double end = seconds();
    if (r == 0) printf("%ld\n", spikes);
    printf("%.9f\n", end - start);
  }
  return 0;
}
