// The test program's own `swift_retain` and its relatives, which stand before the Swift runtime's: they note who counts up the
// references of what, and hand on to the runtime.

#define _GNU_SOURCE
#include "ReferenceLog.h"

#include <dlfcn.h>
#include <stdint.h>

static __thread struct reference *references;
static __thread size_t room, used;

static void note(const void *object, const void *caller) {
  if (references == NULL) return;
  if (used < room) references[used] = (struct reference){object, caller};
  used++;
}

// The runtime's own, which may be called before there is a constructor of this library that has run.
static void *next(const char *name, _Atomic(void *) *found) {
  void *function = *found;
  if (function == NULL) *found = function = dlsym(RTLD_NEXT, name);
  return function;
}

void *swift_retain(void *object) {
  static _Atomic(void *) found;
  note(object, __builtin_return_address(0));
  return ((void *(*)(void *))next("swift_retain", &found))(object);
}

void *swift_retain_n(void *object, uint32_t count) {
  static _Atomic(void *) found;
  note(object, __builtin_return_address(0));
  return ((void *(*)(void *, uint32_t))next("swift_retain_n", &found))(object, count);
}

void *swift_bridgeObjectRetain(void *object) {
  static _Atomic(void *) found;
  note(object, __builtin_return_address(0));
  return ((void *(*)(void *))next("swift_bridgeObjectRetain", &found))(object);
}

void reference_log_begin(struct reference *buffer, size_t count) {
  room = count;
  used = 0;
  references = buffer;
}

size_t reference_log_end(void) {
  references = NULL;
  return used;
}

size_t reference_place(const void *caller) {
  Dl_info info;
  return dladdr(caller, &info) != 0 ? (size_t)((const char *)caller - (const char *)info.dli_fbase) : 0;
}
