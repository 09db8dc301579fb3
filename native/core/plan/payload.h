// How a stored tensor becomes the payload of a TensorProto.
#pragma once

#include <cstdint>

#include "checkpoint/checkpoint.h"
#include "pieces/byte_sink.h"
#include "status.h"

namespace permafrost {

// The numbers cross to TypeScript (src/native.ts, PayloadEncoding).
enum class PayloadEncoding : std::uint8_t {
  kRaw = 0,      // little-endian elements: tensor_content, and packed float_val, double_val, scomplex_val, dcomplex_val
  kBool = 1,     // one byte 0 or 1 an element: packed bool_val
  kVarint = 2,   // one varint an element, negative ones sign-extended to 64 bits: packed int_val, half_val, int64_val
  kStrings = 3,  // tag, length and bytes of each element: string_val, the field's own tag included
};

// The elements that a payload is made of.
struct TensorPart {
  std::uint32_t entry = 0;  // index into Checkpoint::entries()
  Region region;            // within the tensor's shape, with elements; empty: all of the tensor
};

// The exact number of bytes that `EmitPayload` will produce. Reads the elements only where the size depends on the
// values (kVarint, kStrings); does not verify checksums. Fails where dtype and encoding do not go together, where the
// part is none of the tensor, and where the tensor's slices leave a gap in it or overlap.
Result<std::uint64_t> PayloadSize(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding);

// Hands the payload to `sink` in order, in blocks small enough to stay in cache, and verifies the CRC32C of each stored
// piece that has elements of the part, over the very bytes that it read: the last block is followed by the verdict.
// Big-endian tensors are swapped on the way.
Status EmitPayload(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding,
                   const ByteSink& sink);

}  // namespace permafrost
