#include "table/block.h"

#include <array>
#include <limits>
#include <optional>

#include "byte_reader.h"
#include "io/byte_cursor.h"

namespace permafrost {
namespace {

Status BadBlock(const std::string& cause, const std::string& path) {
  return {StatusCode::kCheckpointMalformed, "bad index block (" + cause + "): " + path};
}

// Restart points are the offsets of entries whose keys are whole. A walk does not need them, but a block in which they
// are wrong was not written by any table writer, so it is refused rather than half believed.
class Restarts {
 public:
  // Fixed32 each.
  explicit Restarts(ByteCursor points) : points_(std::move(points)) {}

  // Goes on to the next one, which may be none.
  Status Advance() {
    next_.reset();
    if (points_.remaining() == 0) return {};
    std::array<std::byte, sizeof(std::uint32_t)> point{};
    Status status = points_.Read(point);
    if (status.ok()) next_ = LoadFixed32(point);
    return status;
  }

  std::optional<std::uint32_t> next() const { return next_; }

 private:
  ByteCursor points_;
  std::optional<std::uint32_t> next_;
};

// How much of the block is entries; nothing where that cannot be.
Result<std::optional<std::uint64_t>> EntriesSize(const ByteSource& block) {
  std::array<std::byte, sizeof(std::uint32_t)> last{};
  if (block.size < last.size()) return std::optional<std::uint64_t>();
  const std::uint64_t body = block.size - last.size();
  if (Status status = block.fetch(body, last); !status.ok()) return status;
  const std::uint64_t count = LoadFixed32(last);
  if (count == 0 || count > body / sizeof(std::uint32_t)) return std::optional<std::uint64_t>();
  return std::optional(body - count * sizeof(std::uint32_t));
}

// What an entry begins with.
struct EntryHead {
  std::uint32_t shared = 0;
  std::uint32_t unshared = 0;
  std::uint32_t value_size = 0;
};

// False where the entry goes past the end.
Result<bool> ReadHead(ByteCursor& entries, EntryHead& head) {
  for (std::uint32_t* size : {&head.shared, &head.unshared, &head.value_size}) {
    const auto number = entries.TakeVarint();
    if (!number.ok()) return number.status();
    if (!number.value() || *number.value() > std::numeric_limits<std::uint32_t>::max()) return false;
    *size = static_cast<std::uint32_t>(*number.value());
  }
  return std::uint64_t{head.unshared} + head.value_size <= entries.remaining();
}

}  // namespace

Status ForEachInBlock(const Block& block, const std::string& path, std::uint64_t& key_budget,
                      const EntryVisitor& visit) {
  const auto entries_size = EntriesSize(block.bytes);
  if (!entries_size.ok()) return entries_size.status();
  if (!entries_size.value()) return BadBlock("restart array outside of the block", path);
  const std::uint64_t end = *entries_size.value();
  ByteCursor entries(block.bytes.fetch, 0, end);
  Restarts restarts(ByteCursor(block.bytes.fetch, end, block.bytes.size - sizeof(std::uint32_t)));
  if (Status status = restarts.Advance(); !status.ok()) return status;
  if (restarts.next() != 0) return BadBlock("bad restart point", path);

  std::string key;
  while (entries.remaining() > 0) {
    const std::uint64_t offset = entries.position();
    EntryHead head;
    const auto good = ReadHead(entries, head);
    if (!good.ok()) return good.status();
    if (!good.value()) return BadBlock("entry past its end", path);
    if (head.shared > key.size()) return BadBlock("key shares more than the key before it has", path);
    const std::uint64_t key_size = std::uint64_t{head.shared} + head.unshared;
    if (key_size > kLongestKey) return BadBlock("key longer than " + std::to_string(kLongestKey) + " bytes", path);
    if (key_size > key_budget) return BadBlock("keys unfold to more than a file of its size can hold", path);
    key_budget -= key_size;
    if (restarts.next() == offset) {
      if (head.shared != 0) return BadBlock("bad restart point", path);
      if (Status status = restarts.Advance(); !status.ok()) return status;
    }
    key.resize(static_cast<std::size_t>(key_size));
    const auto suffix = std::as_writable_bytes(std::span(key)).subspan(head.shared);
    if (Status status = entries.Read(suffix); !status.ok()) return status;
    const TableValue value(block, entries.position(), head.value_size);
    if (Status status = visit(key, value); !status.ok()) return status;
    entries.Skip(head.value_size);
  }
  // An empty block still has its first restart point, which no entry consumed.
  if (restarts.next() && end > 0) return BadBlock("bad restart point", path);
  return {};
}

}  // namespace permafrost
