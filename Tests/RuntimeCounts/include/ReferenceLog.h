#ifndef REFERENCE_LOG_H
#define REFERENCE_LOG_H

#include <stddef.h>

/// An object whose references were counted up, and who did so.
struct reference {
  const void *object;
  const void *caller;
};

/// From now on references that the calling thread counts up are noted, the first `count` of them in `buffer`.
void reference_log_begin(struct reference *buffer, size_t count);

/// Ends it, and tells how many there were.
size_t reference_log_end(void);

/// Where a caller's code lies in its file, as `addr2line` takes it.
size_t reference_place(const void *caller);

#endif
