#include "proto/wire.h"

namespace permafrost {

bool ReadField(ByteReader& reader, Field& field) {
  std::uint64_t tag = 0;
  if (!reader.ReadVarint64(tag) || (tag >> 3) == 0 || (tag >> 3) > 0x1fffffff) return false;
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
    case kFixed32: {
      field.type = kFixed32;
      std::uint32_t value = 0;
      if (!reader.ReadFixed32(value)) return false;
      field.value = value;
      return true;
    }
    default:
      return false;
  }
}

}  // namespace permafrost
