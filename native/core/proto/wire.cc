#include "proto/wire.h"

namespace permafrost {

bool IsTag(std::uint64_t tag) {
  const std::uint64_t type = tag & 7;
  return (tag >> 3) != 0 && (tag >> 3) <= 0x1fffffff &&
         (type == kVarint || type == kFixed64 || type == kBytes || type == kFixed32);
}

bool ReadField(ByteReader& reader, Field& field) {
  std::uint64_t tag = 0;
  if (!reader.ReadVarint64(tag) || !IsTag(tag)) return false;
  field = {};
  field.number = tag >> 3;
  switch (tag & 7) {
    case kVarint:
      return reader.ReadVarint64(field.value);
    case kFixed64:
      field.type = kFixed64;
      return reader.ReadFixed64(field.value);
    case kBytes: {
      field.type = kBytes;
      std::uint64_t size = 0;
      return reader.ReadVarint64(size) && reader.ReadBytes(size, field.bytes);
    }
    default: {
      field.type = kFixed32;
      std::uint32_t value = 0;
      if (!reader.ReadFixed32(value)) return false;
      field.value = value;
      return true;
    }
  }
}

}  // namespace permafrost
