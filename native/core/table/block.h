// One block of a table: sorted keys and values, keys compressed by what they share with the key before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/byte_source.h"
#include "status.h"

namespace permafrost {

// A block without its trailer.
struct Block {
  ByteSource bytes;
  std::optional<std::uint64_t> place;  // in the file, where it is stored plainly
};

// The value of an entry, which nobody has read yet: it may be as long as the file.
class TableValue {
 public:
  TableValue(const Block& block, std::uint64_t offset, std::uint64_t size)
      : block_(block), offset_(offset), size_(size) {}

  ByteSource source() const { return block_.bytes.Part(offset_, size_); }
  // In the file, where it is stored plainly.
  std::optional<std::uint64_t> place() const {
    return block_.place ? std::optional(*block_.place + offset_) : std::nullopt;
  }

  Status ReadInto(std::vector<std::byte>& bytes) const {
    bytes.resize(static_cast<std::size_t>(size_));
    return block_.bytes.fetch(offset_, bytes);
  }

 private:
  const Block& block_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

// Key and value are only lent for the call. A failure ends the walk and is passed on.
using EntryVisitor = std::function<Status(std::string_view key, const TableValue& value)>;

inline constexpr std::size_t kLongestKey = std::size_t{64} * 1024;

// Calls `visit` for every entry of the block in order. Anything malformed ends the walk with a kCheckpointMalformed
// that names `path`; entries before it have been visited by then. Key order is the caller's to check. `key_budget` is
// how many bytes of whole keys the walk may still make out of the compressed ones; it is counted down.
Status ForEachInBlock(const Block& block, const std::string& path, std::uint64_t& key_budget,
                      const EntryVisitor& visit);

}  // namespace permafrost
