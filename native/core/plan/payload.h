// How a stored tensor becomes the payload of a TensorProto.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "bundle/tensor_bundle.h"
#include "status.h"

namespace permafrost {

// The numbers cross to TypeScript (src/native.ts, PayloadEncoding).
enum class PayloadEncoding : std::uint8_t {
  kRaw = 0,      // little-endian elements: tensor_content, and packed float_val, double_val, scomplex_val, dcomplex_val
  kBool = 1,     // one byte 0 or 1 an element: packed bool_val
  kVarint = 2,   // one varint an element, negative ones sign-extended to 64 bits: packed int_val, half_val, int64_val
  kStrings = 3,  // tag, length and bytes of each element: string_val, the field's own tag included
};

// The exact number of bytes that `EmitPayload` will produce. Reads the tensor only where the size depends on the values
// (kVarint, kStrings); does not verify the checksum. Fails where dtype and encoding do not go together.
Result<std::uint64_t> PayloadSize(const TensorBundle& bundle, const TensorEntry& entry, PayloadEncoding encoding);

// Takes the next bytes of the payload; a failure ends the emission and is passed on.
using ByteSink = std::function<Status(std::span<const std::byte>)>;

// Hands the payload to `sink` in order, in blocks small enough to stay in cache, and verifies the tensor's CRC32C over
// the very bytes that it read: the last block is followed by the verdict. Big-endian tensors are swapped on the way.
Status EmitPayload(const TensorBundle& bundle, const TensorEntry& entry, PayloadEncoding encoding,
                   const ByteSink& sink);

}  // namespace permafrost
