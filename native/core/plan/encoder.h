// Turns stored elements into the payload of a TensorProto, block by block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace permafrost {

// The numbers cross to TypeScript (src/native.ts, PayloadEncoding).
enum class PayloadEncoding : std::uint8_t {
  kRaw = 0,      // little-endian elements: tensor_content, and packed float_val, double_val, scomplex_val, dcomplex_val
  kBool = 1,     // one byte 0 or 1 an element: packed bool_val
  kVarint = 2,   // one varint an element, negative ones sign-extended to 64 bits: packed int_val, half_val, int64_val
  kStrings = 3,  // tag, length and bytes of each element: string_val, the field's own tag included
};

// Not for use by several threads.
class Encoder {
 public:
  Encoder(const Checkpoint& checkpoint, const TensorEntry& entry, PayloadEncoding encoding);

  // The payload of whole elements; of strings, of what their reader gives. It lasts until the next call.
  std::span<const std::byte> Encode(std::span<const std::byte> elements);

  // How many bytes that would be.
  std::uint64_t SizeOf(std::span<const std::byte> elements);

 private:
  std::span<const std::byte> Ordered(std::span<const std::byte> elements);

  DataType dtype_;
  PayloadEncoding encoding_;
  std::size_t swap_unit_;
  std::vector<std::byte> ordered_;
  std::vector<std::byte> encoded_;
};

}  // namespace permafrost
