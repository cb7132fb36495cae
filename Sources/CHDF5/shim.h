// What Swift cannot import from HDF5 and the C library: macros that stand for global variables or casts, and
// variadic functions. Each is a function of the same name with the prefix chdf5_.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

// One set of signatures, whichever release of HDF5 is installed.
#define H5_USE_110_API
#include <fcntl.h>
#include <hdf5.h>
#include <string.h>
#include <sys/prctl.h>
#include <zlib.h>

// Types in memory.
static inline hid_t chdf5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t chdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t chdf5_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t chdf5_native_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t chdf5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t chdf5_native_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline size_t chdf5_variable(void) { return H5T_VARIABLE; }

// Types in a file.
static inline hid_t chdf5_std_i8le(void) { return H5T_STD_I8LE; }
static inline hid_t chdf5_std_u8le(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_std_i16le(void) { return H5T_STD_I16LE; }
static inline hid_t chdf5_std_u16le(void) { return H5T_STD_U16LE; }
static inline hid_t chdf5_std_i32le(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_std_u32le(void) { return H5T_STD_U32LE; }
static inline hid_t chdf5_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_std_u64le(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_ieee_f32le(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_ieee_f32be(void) { return H5T_IEEE_F32BE; }
static inline hid_t chdf5_ieee_f64le(void) { return H5T_IEEE_F64LE; }

// Property lists and flags.
static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }
static inline hid_t chdf5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }

// HDF5 prints every error to stderr unless told not to.
static inline void chdf5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// Calls `visit` with the name and the kind (H5L_type_t) of every link of a group, in ascending order of names.
typedef herr_t (*chdf5_visit)(const char *name, int kind, void *context);

struct chdf5_visitor {
  chdf5_visit visit;
  void *context;
};

static inline herr_t chdf5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  (void)group;
  struct chdf5_visitor *visitor = (struct chdf5_visitor *)data;
  return visitor->visit(name, (int)info->type, visitor->context);
}

static inline herr_t chdf5_links(hid_t group, chdf5_visit visit, void *context) {
  struct chdf5_visitor visitor = {visit, context};
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, chdf5_visit_link, &visitor);
}

// Kind (H5O_type_t) and address of an object; negative if it cannot be read.
static inline herr_t chdf5_object(hid_t object, int *kind, uint64_t *address) {
  H5O_info_t info;
  herr_t status = H5Oget_info(object, &info);
  if (status >= 0) {
    *kind = (int)info.type;
    *address = (uint64_t)info.addr;
  }
  return status;
}

// A pipe that no other program started meanwhile inherits, and this process's environment.
int pipe2(int ends[2], int flags);
extern char **environ;
static inline int chdf5_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
static inline char **chdf5_environment(void) { return environ; }

// A process that reads untrusted files leaves no core dump and does not outlive its parent.
static inline void chdf5_guard_process(void) {
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_PDEATHSIG, 9);
}

#endif
