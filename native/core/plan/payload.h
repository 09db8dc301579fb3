// How a stored tensor becomes the payload of a TensorProto.
#pragma once

#include <cstdint>

#include "checkpoint/checkpoint.h"
#include "pieces/byte_sink.h"
#include "plan/encoder.h"
#include "plan/gather.h"
#include "status.h"

namespace permafrost {

// The elements that a payload is made of.
struct TensorPart {
  std::uint32_t entry = 0;  // index into Checkpoint::entries()
  Region region;            // within the tensor's shape, with elements; empty: all of the tensor
};

// The elements of a part, once it is known that they can have that form. Fails as `PayloadSize` does; `stop` is that of
// `Gather::Open`.
Result<Gather> GatherPayload(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                             Checksum checksum, const Stop& stop = {});

// The exact number of bytes that `EmitPayload` will produce. Reads the elements only where the size depends on the
// values (kVarint, kStrings); does not verify checksums. Fails where dtype and form do not go together, where the part
// is none of the tensor, and where the tensor's slices leave a gap in it or overlap.
Result<std::uint64_t> PayloadSize(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form);

// The number of a part's elements. Fails where they are no float32, or have not all of the channels equally often; and
// where `PayloadSize` does.
Result<std::uint64_t> ChannelledElements(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                                         const Channels& channels);

// Hands the payload to `sink` in order, in blocks small enough to stay in cache, and verifies the CRC32C of each stored
// piece that has elements of the part, over the very bytes that it read: the last block is followed by the verdict.
// Big-endian tensors are swapped on the way. Returns how many elements the new type has no place for, where the form
// changes the type; see `Conversion::convert`.
Result<std::uint64_t> EmitPayload(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                                  const ByteSink& sink);

// True where a payload is made of the stored elements one by one, and each takes the same number of bytes, so that any
// stretch of it can be made on its own.
bool IsDivisible(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form);

// What came of a stretch of a divisible payload.
struct StretchSum {
  std::uint32_t crc = 0;        // of the stored bytes that it is made of
  std::uint64_t stored = 0;     // how many they are
  std::uint64_t overflows = 0;  // as of `EmitPayload`
};

// Holds the checksum of all stretches, one after the other, against what the checkpoint has.
Status CheckDivided(const Checkpoint& checkpoint, const TensorPart& part, std::uint32_t crc);

}  // namespace permafrost
