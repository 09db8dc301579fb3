// The parts of a table file: handles, the footer, and blocks with their trailers. The layout is described in
// docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "byte_reader.h"
#include "io/byte_source.h"
#include "status.h"
#include "stop.h"
#include "table/block.h"

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
Result<Footer> ReadFooter(const ByteSource& file, const std::string& path);

// Checks that the block lies within the file, then its checksum, then decompresses. A small block is held from then on,
// and so is one that was compressed; a large one is read again by whoever wants a part of it.
Result<Block> ReadBlock(const ByteSource& file, const BlockHandle& handle, const std::string& path, const Stop& stop);

}  // namespace permafrost
