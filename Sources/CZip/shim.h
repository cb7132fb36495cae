#ifndef RHEOBASE_CZIP_SHIM_H
#define RHEOBASE_CZIP_SHIM_H

#include <string.h>
#include <zip.h>
#include <zlib.h>

/* deflateInit2 and inflateInit2 are macros that Swift does not see. */

static inline int rheobase_deflate_begin(z_stream *stream, int level, int memory_level) {
  memset(stream, 0, sizeof *stream);
  return deflateInit2(stream, level, Z_DEFLATED, -15, memory_level, Z_DEFAULT_STRATEGY);
}

/* 31: a gzip header and trailer, checked by zlib. */
static inline int rheobase_gunzip_begin(z_stream *stream) {
  memset(stream, 0, sizeof *stream);
  return inflateInit2(stream, 31);
}

#endif
