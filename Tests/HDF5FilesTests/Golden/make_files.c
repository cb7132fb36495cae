// Writes kinds.h5 and the refused_*.h5 files of this folder with nothing but libhdf5:
//   cc make_files.c $(pkg-config --cflags --libs hdf5) -o make_files && ./make_files
#include <hdf5.h>
#include <stdint.h>
#include <string.h>

static hid_t create(const char *name) { return H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT); }

static hid_t put(hid_t where, const char *name, hid_t type, hid_t memory, hid_t space, hid_t list, const void *data) {
  hid_t dataset = H5Dcreate2(where, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  if (data) H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  H5Dclose(dataset);
  return dataset;
}

static hid_t text(size_t size, H5T_str_t padding, H5T_cset_t set) {
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, size);
  H5Tset_strpad(type, padding);
  H5Tset_cset(type, set);
  return type;
}

static void kinds(void) {
  hid_t file = create("kinds.h5");
  hid_t scalar = H5Screate(H5S_SCALAR), null = H5Screate(H5S_NULL);
  hsize_t three[] = {3}, grid[] = {2, 3}, none[] = {0}, many[] = {1000};
  hid_t line = H5Screate_simple(1, three, NULL), plane = H5Screate_simple(2, grid, NULL);
  hid_t empty = H5Screate_simple(1, none, NULL), thousand = H5Screate_simple(1, many, NULL);
  int64_t integers[] = {-2, 0, 3};
  double reals[] = {-0.5, 0, 1.25};
  const hid_t types[] = {H5T_STD_I8LE, H5T_STD_U8BE, H5T_STD_I16BE, H5T_STD_U16LE, H5T_STD_I32BE, H5T_STD_U32LE,
                         H5T_STD_I64BE, H5T_STD_U64LE};
  const char *names[] = {"i8", "u8be", "i16be", "u16", "i32be", "u32", "i64be", "u64"};
  for (int i = 0; i < 8; i++) put(file, names[i], types[i], H5T_NATIVE_INT64, line, H5P_DEFAULT, integers);
  put(file, "f32be", H5T_IEEE_F32BE, H5T_NATIVE_DOUBLE, line, H5P_DEFAULT, reals);
  put(file, "f64be", H5T_IEEE_F64BE, H5T_NATIVE_DOUBLE, line, H5P_DEFAULT, reals);
  put(file, "long_double", H5T_NATIVE_LDOUBLE, H5T_NATIVE_DOUBLE, line, H5P_DEFAULT, reals);
  hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  put(file, "f16", half, H5T_NATIVE_DOUBLE, line, H5P_DEFAULT, reals);
  hid_t wide = H5Tcopy(H5T_STD_I32LE);
  H5Tset_precision(wide, 24);
  H5Tset_size(wide, 3);
  put(file, "i24", wide, H5T_NATIVE_INT64, line, H5P_DEFAULT, integers);
  hid_t colours = H5Tenum_create(H5T_STD_I16LE);
  int16_t red = -7, blue = 300, chosen[] = {300, -7, 300};
  H5Tenum_insert(colours, "red", &red);
  H5Tenum_insert(colours, "blue", &blue);
  put(file, "enum", colours, colours, line, H5P_DEFAULT, chosen);

  put(file, "fixed_term", text(4, H5T_STR_NULLTERM, H5T_CSET_ASCII), text(4, H5T_STR_NULLTERM, H5T_CSET_ASCII), line,
      H5P_DEFAULT, "abc\0d\0\0\0xx\0\0");
  put(file, "fixed_null", text(4, H5T_STR_NULLPAD, H5T_CSET_UTF8), text(4, H5T_STR_NULLPAD, H5T_CSET_UTF8), line,
      H5P_DEFAULT, "abcd\xc3\xa9\0\0\0\0\0");
  put(file, "fixed_space", text(4, H5T_STR_SPACEPAD, H5T_CSET_ASCII), text(4, H5T_STR_SPACEPAD, H5T_CSET_ASCII), line,
      H5P_DEFAULT, "abcdx   y   ");
  put(file, "fixed_bad", text(3, H5T_STR_NULLPAD, H5T_CSET_UTF8), text(3, H5T_STR_NULLPAD, H5T_CSET_UTF8), scalar,
      H5P_DEFAULT, "a\xff" "b");
  const char *variable[] = {"", "\xc3\xa9t\xc3\xa9", "z"}, *bad[] = {"a\xff", NULL, "\xe2\x82"};
  put(file, "variable", text(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_UTF8),
      text(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_UTF8), line, H5P_DEFAULT, variable);
  put(file, "variable_ascii", text(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_ASCII),
      text(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_ASCII), line, H5P_DEFAULT, variable);
  put(file, "variable_bad", text(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_UTF8),
      text(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_UTF8), line, H5P_DEFAULT, bad);

  int32_t cells[] = {1, 2, 3, 4, 5, 6}, many_values[1000];
  for (int i = 0; i < 1000; i++) many_values[i] = i * i;
  put(file, "scalar", H5T_STD_I32LE, H5T_NATIVE_INT32, scalar, H5P_DEFAULT, cells);
  put(file, "plane", H5T_STD_I32LE, H5T_NATIVE_INT32, plane, H5P_DEFAULT, cells);
  put(file, "empty", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, empty, H5P_DEFAULT, NULL);
  put(file, "null", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, null, H5P_DEFAULT, NULL);
  hid_t packed = H5Pcreate(H5P_DATASET_CREATE), compact = H5Pcreate(H5P_DATASET_CREATE);
  hsize_t chunk[] = {300};
  H5Pset_chunk(packed, 1, chunk);
  H5Pset_fletcher32(packed);
  H5Pset_shuffle(packed);
  H5Pset_deflate(packed, 9);
  H5Pset_layout(compact, H5D_COMPACT);
  put(file, "chunked", H5T_STD_I32BE, H5T_NATIVE_INT32, thousand, packed, many_values);
  put(file, "compact", H5T_STD_I32LE, H5T_NATIVE_INT32, line, compact, cells);
  put(file, "unwritten", H5T_STD_I32LE, H5T_NATIVE_INT32, line, H5P_DEFAULT, NULL);

  hid_t group = H5Gcreate2(file, "inner", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  hid_t attribute = H5Acreate2(group, "answer", H5T_STD_I32LE, scalar, H5P_DEFAULT, H5P_DEFAULT);
  int32_t answer = 42;
  H5Awrite(attribute, H5T_NATIVE_INT32, &answer);
  H5Aclose(attribute);
  hid_t metadata = H5Gcreate2(group, "metadata", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  hid_t pair = H5Tcreate(H5T_COMPOUND, 16);
  H5Tinsert(pair, "a", 0, H5T_STD_I64LE);
  H5Tinsert(pair, "b", 8, H5T_IEEE_F64LE);
  put(metadata, "pair", pair, pair, scalar, H5P_DEFAULT, "0123456789abcdef");
  put(metadata, "kept", H5T_STD_I32LE, H5T_NATIVE_INT32, scalar, H5P_DEFAULT, cells);
  H5Lcreate_soft("/scalar", metadata, "soft", H5P_DEFAULT, H5P_DEFAULT);
  H5Gclose(metadata);
  H5Gclose(group);
  H5Fclose(file);
}

// A filter that nobody has: 32000 is LZF, which only h5py brings.
static size_t pass(unsigned flags, size_t n, const unsigned v[], size_t bytes, size_t *size, void **buffer) {
  (void)flags, (void)n, (void)v, (void)size, (void)buffer;
  return bytes;
}

static void refused(void) {
  hid_t scalar = H5Screate(H5S_SCALAR);
  hsize_t three[] = {3}, vast[] = {1u << 20, 1u << 20};
  hid_t line = H5Screate_simple(1, three, NULL), space = H5Screate_simple(2, vast, NULL);
  int32_t cells[] = {1, 2, 3};

  hid_t file = create("refused_soft.h5");
  put(file, "value", H5T_STD_I32LE, H5T_NATIVE_INT32, line, H5P_DEFAULT, cells);
  H5Lcreate_soft("/value", file, "soft", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_external("kinds.h5", "/scalar", file, "external", H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(file);

  file = create("refused_cycle.h5");
  hid_t group = H5Gcreate2(file, "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_hard(file, "/", group, "root", H5P_DEFAULT, H5P_DEFAULT);
  H5Gclose(group);
  H5Fclose(file);

  hid_t latest = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(latest, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  file = H5Fcreate("refused_depth.h5", H5F_ACC_TRUNC, H5P_DEFAULT, latest);
  char name[1024] = "";
  for (int i = 0; i < 70; i++) {
    strcat(name, "/g");
    H5Gclose(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  }
  H5Fclose(file);

  file = create("refused_types.h5");
  hid_t pair = H5Tcreate(H5T_COMPOUND, 8);
  H5Tinsert(pair, "a", 0, H5T_STD_I64LE);
  put(file, "pair", pair, pair, scalar, H5P_DEFAULT, "01234567");
  put(file, "opaque", H5Tcreate(H5T_OPAQUE, 8), H5P_DEFAULT, scalar, H5P_DEFAULT, NULL);
  put(file, "bits", H5T_STD_B8LE, H5T_STD_B8LE, line, H5P_DEFAULT, NULL);
  put(file, "reference", H5T_STD_REF_OBJ, H5T_STD_REF_OBJ, scalar, H5P_DEFAULT, NULL);
  H5Fclose(file);

  file = create("refused_outside.h5");
  hid_t outside = H5Pcreate(H5P_DATASET_CREATE), virtual = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(outside, "/etc/hostname", 0, 12);
  put(file, "external", H5T_STD_I32LE, H5T_NATIVE_INT32, line, outside, NULL);
  H5Pset_virtual(virtual, line, "kinds.h5", "/i8", line);
  put(file, "virtual", H5T_STD_I32LE, H5T_NATIVE_INT32, line, virtual, NULL);
  H5Fclose(file);

  file = create("refused_size.h5");
  put(file, "vast", H5T_STD_I64LE, H5T_NATIVE_INT64, space, H5P_DEFAULT, NULL);
  H5Fclose(file);

  H5Z_class2_t lzf = {H5Z_CLASS_T_VERS, 32000, 1, 1, "lzf", NULL, NULL, pass};
  H5Zregister(&lzf);
  file = create("refused_filter.h5");
  hid_t packed = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(packed, 1, three);
  H5Pset_filter(packed, 32000, 0, 0, NULL);
  put(file, "lzf", H5T_STD_I32LE, H5T_NATIVE_INT32, line, packed, cells);
  H5Fclose(file);
}

int main(void) {
  kinds();
  refused();
  return 0;
}
