#include "table/block.h"

#include "byte_reader.h"

namespace permafrost {
namespace {

Status BadBlock(const std::string& cause, const std::string& path) {
  return {StatusCode::kCheckpointMalformed, "bad index block (" + cause + "): " + path};
}

struct Layout {
  std::span<const std::byte> entries;
  std::span<const std::byte> restarts;  // fixed32 each
};

// Restart points are the offsets of entries whose keys are whole. A walk does not need them, but a block in which they
// are wrong was not written by any table writer, so it is refused rather than half believed.
bool SplitBlock(std::span<const std::byte> block, Layout& layout) {
  if (block.size() < sizeof(std::uint32_t)) return false;
  const auto body = block.first(block.size() - sizeof(std::uint32_t));
  const std::uint32_t count = LoadFixed32(block.last(sizeof(std::uint32_t)));
  if (count == 0 || count > body.size() / sizeof(std::uint32_t)) return false;
  layout.restarts = body.last(count * sizeof(std::uint32_t));
  layout.entries = body.first(body.size() - layout.restarts.size());
  return true;
}

}  // namespace

Status ForEachInBlock(std::span<const std::byte> block, const std::string& path, std::uint64_t& key_budget,
                      const EntryVisitor& visit) {
  Layout layout;
  if (!SplitBlock(block, layout)) return BadBlock("restart array outside of the block", path);
  ByteReader reader(layout.entries);
  ByteReader restarts(layout.restarts);
  std::uint32_t restart = 0;
  bool more_restarts = restarts.ReadFixed32(restart);
  if (restart != 0) return BadBlock("bad restart point", path);

  std::string key;
  while (reader.remaining() > 0) {
    const std::size_t offset = layout.entries.size() - reader.remaining();
    std::uint32_t shared = 0;
    std::uint32_t unshared = 0;
    std::uint32_t value_size = 0;
    std::span<const std::byte> suffix;
    std::span<const std::byte> value;
    if (!reader.ReadVarint32(shared) || !reader.ReadVarint32(unshared) || !reader.ReadVarint32(value_size) ||
        !reader.ReadBytes(unshared, suffix) || !reader.ReadBytes(value_size, value)) {
      return BadBlock("entry past its end", path);
    }
    if (shared > key.size()) return BadBlock("key shares more than the key before it has", path);
    const std::uint64_t key_size = std::uint64_t{shared} + unshared;
    if (key_size > kLongestKey) return BadBlock("key longer than " + std::to_string(kLongestKey) + " bytes", path);
    if (key_size > key_budget) return BadBlock("keys unfold to more than a file of its size can hold", path);
    key_budget -= key_size;
    if (more_restarts && offset == restart) {
      if (shared != 0) return BadBlock("bad restart point", path);
      more_restarts = restarts.ReadFixed32(restart);
    }
    key.resize(shared);
    key.append(reinterpret_cast<const char*>(suffix.data()), suffix.size());
    if (Status status = visit(key, value); !status.ok()) return status;
  }
  // An empty block still has its first restart point, which no entry consumed.
  if (more_restarts && !layout.entries.empty()) return BadBlock("bad restart point", path);
  return {};
}

}  // namespace permafrost
