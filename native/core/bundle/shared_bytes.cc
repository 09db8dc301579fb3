#include "bundle/shared_bytes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "text.h"

namespace permafrost {
namespace {

struct Owned {
  std::uint32_t shard = 0;
  std::uint32_t entry = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::vector<Owned> OwnedBytes(std::span<const TensorEntry> entries) {
  std::vector<Owned> all;
  all.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto add = [&](const StoredPiece& piece) {
      if (piece.size == 0) return;
      all.push_back({piece.shard, static_cast<std::uint32_t>(i), piece.offset, piece.offset + piece.size});
    };
    if (entries[i].slices.empty()) add(entries[i]);
    std::ranges::for_each(entries[i].slices, add);
  }
  return all;
}

}  // namespace

Status CheckOwnBytes(std::span<const TensorEntry> entries, const std::string& path) {
  std::vector<Owned> all = OwnedBytes(entries);
  std::ranges::sort(all, {}, [](const Owned& each) { return std::tuple(each.shard, each.begin, each.entry); });
  const auto meet = std::ranges::adjacent_find(
      all, [](const Owned& a, const Owned& b) { return a.shard == b.shard && b.begin < a.end; });
  if (meet == all.end()) return {};
  const Owned& one = *meet;
  const Owned& other = *std::next(meet);
  const std::string name = Quoted(entries[one.entry].key);
  const std::string who = one.entry == other.entry ? "slices of tensor " + name
                                                   : "tensors " + name + " and " + Quoted(entries[other.entry].key);
  const std::string what = ByteRange(other.begin, std::min(one.end, other.end) - other.begin);
  return {StatusCode::kCheckpointMalformed, "bad index (" + who + " share " + what + " of shard " +
                                                std::to_string(other.shard) + ", and each has its own): " + path};
}

}  // namespace permafrost
