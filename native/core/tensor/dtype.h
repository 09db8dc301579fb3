// TensorFlow's element types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace permafrost {

// The numbers are those of TensorFlow's types.proto.
enum class DataType : int {
  kInvalid = 0,
  kFloat32 = 1,
  kFloat64 = 2,
  kInt32 = 3,
  kUint8 = 4,
  kInt16 = 5,
  kInt8 = 6,
  kString = 7,
  kComplex64 = 8,
  kInt64 = 9,
  kBool = 10,
  kQint8 = 11,
  kQuint8 = 12,
  kQint32 = 13,
  kBfloat16 = 14,
  kQint16 = 15,
  kQuint16 = 16,
  kUint16 = 17,
  kComplex128 = 18,
  kFloat16 = 19,
  kResource = 20,
  kVariant = 21,
  kUint32 = 22,
  kUint64 = 23,
  kFloat8E5m2 = 24,
  kFloat8E4m3fn = 25,
  kFloat8E4m3fnuz = 26,
  kFloat8E4m3b11fnuz = 27,
  kFloat8E5m2fnuz = 28,
  kInt4 = 29,
  kUint4 = 30,
  kInt2 = 31,
  kUint2 = 32,
  kFloat4E2m1fn = 33,
};

// True for the types that a tensor can have: not for kInvalid, reference types, or numbers newer than this table.
bool IsKnown(DataType dtype);

// Bytes of one stored element; 0 where elements have no fixed size (string, resource, variant) or the type is not
// known. The types below one byte are stored one to a byte.
std::size_t ElementSize(DataType dtype);

// Bytes whose order differs between little- and big-endian bundles: half an element for the complex types.
std::size_t SwapUnit(DataType dtype);

// As TensorFlow's Python says it, e.g. "float32"; "unknown" where it is not known.
std::string_view DataTypeName(DataType dtype);

// The type of that name, if there is one.
std::optional<DataType> DataTypeNamed(std::string_view name);

}  // namespace permafrost
