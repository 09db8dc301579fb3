// The wire format of protocol buffers, field by field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "byte_reader.h"

namespace permafrost {

enum WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kFixed32 = 5,
};

struct Field {
  std::uint64_t number = 0;
  WireType type = kVarint;
  std::uint64_t value = 0;           // kVarint, kFixed64, kFixed32
  std::span<const std::byte> bytes;  // kBytes

  bool Is(std::uint64_t wanted_number, WireType wanted_type) const {
    return number == wanted_number && type == wanted_type;
  }
  std::int64_t Signed() const { return static_cast<std::int64_t>(value); }
};

// Whether it is a field number and a wire type. Groups are no type: TensorFlow has never used them, and without them
// nesting ends with the messages that a caller knows.
[[nodiscard]] bool IsTag(std::uint64_t tag);

// False where the bytes are malformed.
[[nodiscard]] bool ReadField(ByteReader& reader, Field& field);

// Calls `take` for each field; false where the bytes are malformed or `take` says so.
template <typename Take>
bool ForEachField(std::span<const std::byte> bytes, Take take) {
  ByteReader reader(bytes);
  Field field;
  while (reader.remaining() > 0) {
    if (!ReadField(reader, field) || !take(field)) return false;
  }
  return true;
}

}  // namespace permafrost
