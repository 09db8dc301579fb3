// The parts of a table file: handles, the footer, and blocks with their trailers. The layout is described in
// docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "byte_reader.h"
#include "status.h"
#include "stop.h"

namespace permafrost {

inline constexpr std::uint64_t kTableMagic = 0xdb4775248b80fb57u;
inline constexpr std::size_t kFooterSize = 48;
inline constexpr std::size_t kBlockTrailerSize = 5;  // the compression type and a masked CRC-32C

// Where a block lies; its trailer comes after `size`.
struct BlockHandle {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

[[nodiscard]] bool ReadBlockHandle(ByteReader& reader, BlockHandle& handle);

struct Footer {
  BlockHandle metaindex;
  BlockHandle index;
};

// `path` is for messages only, here and below.
Result<Footer> ReadFooter(std::span<const std::byte> file, const std::string& path);

// A block without its trailer: a part of the file where it is stored plainly, else a decompressed copy.
class BlockContents {
 public:
  explicit BlockContents(std::span<const std::byte> borrowed) : borrowed_(borrowed) {}
  explicit BlockContents(std::vector<std::byte> owned) : owned_(std::move(owned)), is_owned_(true) {}

  std::span<const std::byte> bytes() const { return is_owned_ ? std::span<const std::byte>(owned_) : borrowed_; }

 private:
  std::span<const std::byte> borrowed_;
  std::vector<std::byte> owned_;
  bool is_owned_ = false;
};

// Checks that the block lies within the file, then its checksum, then decompresses.
Result<BlockContents> ReadBlock(std::span<const std::byte> file, const BlockHandle& handle, const std::string& path,
                                const Stop& stop);

}  // namespace permafrost
