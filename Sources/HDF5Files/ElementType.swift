import CHDF5
import Glibc

/// What an HDF5 type becomes.
struct ElementType {
  var wire: WireType
  /// libhdf5's type to read it into; unused for text.
  var memory: hid_t = 0
  /// Size of one element in the file, bytes.
  var storedSize: Int
  var isVariable = false
  var padding = H5T_STR_NULLTERM
  /// libhdf5 does not convert between ASCII and UTF-8, so text is read in the file's own character set.
  var characters = H5T_CSET_UTF8

  /// nil for a type without a counterpart: compound, reference, array, opaque, bit field, time, integers wider
  /// than 64 bits.
  init?(_ type: hid_t) {
    storedSize = Int(H5Tget_size(type))
    guard storedSize > 0 else { return nil }
    switch H5Tget_class(type) {
    case H5T_INTEGER:
      guard let wire = ElementType.integer(type) else { return nil }
      self.wire = wire
    case H5T_ENUM:
      // h5py writes booleans as an enumeration of 8-bit integers with the names FALSE and TRUE.
      guard let base = Handle(H5Tget_super(type), H5Tclose), let wire = ElementType.integer(base.id) else {
        return nil
      }
      self.wire = ElementType.isBoolean(type) ? .uint8 : wire
    case H5T_FLOAT:
      let isSingle = H5Tequal(type, chdf5_ieee_f32le()) > 0 || H5Tequal(type, chdf5_ieee_f32be()) > 0
      wire = isSingle ? .float32 : .float64
    case H5T_STRING:
      wire = .string
      isVariable = H5Tis_variable_str(type) > 0
      padding = H5Tget_strpad(type)
      characters = H5Tget_cset(type)
    default: return nil
    }
    memory = ElementType.memory(wire)
  }

  private static func integer(_ type: hid_t) -> WireType? {
    let signed = H5Tget_sign(type) == H5T_SGN_2
    return switch H5Tget_size(type) {
    case 1: signed ? .int8 : .uint8
    case 2: signed ? .int16 : .uint16
    case 3...4: signed ? .int32 : .uint32
    case 5...8: signed ? .int64 : .uint64
    default: nil
    }
  }

  private static func isBoolean(_ type: hid_t) -> Bool {
    guard H5Tget_nmembers(type) == 2 else { return false }
    return (0..<2).allSatisfy { member in
      guard let name = H5Tget_member_name(type, UInt32(member)) else { return false }
      defer { H5free_memory(name) }
      return strcmp(name, "FALSE") == 0 || strcmp(name, "TRUE") == 0
    }
  }

  private static func memory(_ wire: WireType) -> hid_t {
    switch wire {
    case .int8: chdf5_native_int8()
    case .uint8: chdf5_native_uint8()
    case .int16: chdf5_native_int16()
    case .uint16: chdf5_native_uint16()
    case .int32: chdf5_native_int32()
    case .uint32: chdf5_native_uint32()
    case .int64: chdf5_native_int64()
    case .uint64: chdf5_native_uint64()
    case .float32: chdf5_native_float()
    case .float64: chdf5_native_double()
    case .string: 0
    }
  }

  /// A new type for variable-length text, to be closed by the caller; negative on failure.
  static func variableText(_ characters: H5T_cset_t) -> hid_t {
    let type = H5Tcopy(chdf5_c_string())
    guard H5Tset_size(type, chdf5_variable()) >= 0, H5Tset_cset(type, characters) >= 0 else { return -1 }
    return type
  }

  /// Name of a type's class, for a diagnostic.
  static func description(of type: hid_t) -> String {
    switch H5Tget_class(type) {
    case H5T_INTEGER: "integers of \(H5Tget_size(type) * 8) bits"
    case H5T_TIME: "times"
    case H5T_BITFIELD: "bit fields"
    case H5T_OPAQUE: "opaque bytes"
    case H5T_COMPOUND: "a compound type"
    case H5T_REFERENCE: "references"
    case H5T_ENUM: "an enumeration of wide integers"
    case H5T_VLEN: "variable-length sequences"
    case H5T_ARRAY: "arrays within elements"
    default: "an unknown type"
    }
  }
}
