#include "plan/encode_stretch.h"

#include <algorithm>
#include <vector>

#include "crc32c/crc32c.h"
#include "pieces/byte_sink.h"
#include "plan/gather.h"

namespace permafrost {

Result<StretchSum> EncodeStretch(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                                 std::uint64_t begin, std::uint64_t end, Output& output) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  const auto shard = checkpoint.ShardOf(entry, NameOf(entry));
  if (!shard.ok()) return shard.status();
  const std::size_t stored_size = ElementSize(entry.dtype);
  const std::size_t encoded_size = EncodedSize(entry.dtype, form.encoding);
  Encoder encoder(checkpoint, entry, form, begin / encoded_size);
  const std::uint64_t start = entry.offset + begin / encoded_size * stored_size;
  StretchSum sum;
  std::vector<std::byte> stored;
  while (begin < end) {
    std::span<std::byte> encoded = output.Lend(end - begin, encoded_size);
    begin += encoded.size();
    while (!encoded.empty()) {
      stored.resize(std::min(kBlockSize, encoded.size() / encoded_size * stored_size));
      if (Status status = shard.value()->ReadAt(start + sum.stored, stored); !status.ok()) return status;
      sum.crc = crc32c::Extend(sum.crc, stored);
      sum.stored += stored.size();
      encoder.EncodeInto(stored, encoded.first(stored.size() / stored_size * encoded_size));
      encoded = encoded.subspan(stored.size() / stored_size * encoded_size);
    }
    if (Status status = output.Keep(); !status.ok()) return status;
  }
  sum.overflows = encoder.overflows();
  return sum;
}

}  // namespace permafrost
