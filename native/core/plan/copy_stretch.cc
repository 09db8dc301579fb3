#include "plan/copy_stretch.h"

#include "crc32c/crc32c.h"
#include "plan/gather.h"

namespace permafrost {

bool IsCopy(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form) {
  const bool is_swapped = checkpoint.big_endian() && SwapUnit(checkpoint.entries()[part.entry].dtype) > 1;
  return form.encoding == PayloadEncoding::kRaw && form.factors.factors.empty() && !is_swapped;
}

Result<StretchSum> CopyStretch(const Checkpoint& checkpoint, const TensorPart& part, std::uint64_t begin,
                               std::uint64_t end, Output& output) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  const auto shard = checkpoint.ShardOf(entry, NameOf(entry));
  if (!shard.ok()) return shard.status();
  StretchSum sum;
  sum.stored = end - begin;
  while (begin < end) {
    const std::span<std::byte> block = output.Lend(end - begin);
    if (Status status = shard.value()->ReadAt(entry.offset + begin, block); !status.ok()) return status;
    sum.crc = crc32c::Extend(sum.crc, block);
    if (Status status = output.Keep(); !status.ok()) return status;
    begin += block.size();
  }
  return sum;
}

}  // namespace permafrost
