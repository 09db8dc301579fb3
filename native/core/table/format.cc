#include "table/format.h"

#include <algorithm>
#include <utility>

#include "crc32c/crc32c.h"
#include "snappy.h"
#include "text.h"

namespace permafrost {
namespace {

constexpr unsigned kPlain = 0;
constexpr unsigned kSnappy = 1;

// A block of a V1 checkpoint may have 2 GiB; this much takes less than a millisecond.
constexpr std::size_t kCheckedAtOnce = std::size_t{1024} * 1024;

Status NotAnIndex(const std::string& cause, const std::string& path) {
  return {StatusCode::kCheckpointMalformed, "not a tensor bundle index (" + cause + "): " + path};
}

}  // namespace

bool ReadBlockHandle(ByteReader& reader, BlockHandle& handle) {
  return reader.ReadVarint64(handle.offset) && reader.ReadVarint64(handle.size);
}

Result<Footer> ReadFooter(std::span<const std::byte> file, const std::string& path) {
  if (file.size() < kFooterSize) return NotAnIndex("shorter than a table footer", path);
  if (LoadFixed64(file.last(sizeof(kTableMagic))) != kTableMagic) return NotAnIndex("bad table magic", path);
  ByteReader reader(file.last(kFooterSize).first(kFooterSize - sizeof(kTableMagic)));
  Footer footer;
  if (!ReadBlockHandle(reader, footer.metaindex) || !ReadBlockHandle(reader, footer.index)) {
    return NotAnIndex("bad block handle in the footer", path);
  }
  return footer;
}

Result<BlockContents> ReadBlock(std::span<const std::byte> file, const BlockHandle& handle, const std::string& path,
                                const Stop& stop) {
  // In this order nothing can overflow.
  if (handle.offset > file.size() || handle.size > file.size() - handle.offset ||
      file.size() - handle.offset - handle.size < kBlockTrailerSize) {
    return Status(StatusCode::kCheckpointMalformed,
                  "index block outside of the file (offset " + std::to_string(handle.offset) + ", size " +
                      std::to_string(handle.size) + ", file of " + std::to_string(file.size()) + " bytes): " + path);
  }
  const auto offset = static_cast<std::size_t>(handle.offset);
  const auto size = static_cast<std::size_t>(handle.size);
  const std::string where = ByteRange(offset, size) + " of " + path;

  const auto checked = file.subspan(offset, size + 1);
  const std::uint32_t stored = crc32c::Unmask(LoadFixed32(file.subspan(offset + size + 1)));
  std::uint32_t computed = 0;
  for (std::size_t at = 0; at < checked.size(); at += kCheckedAtOnce) {
    if (Status status = stop.Check(); !status.ok()) return status;
    computed = crc32c::Extend(computed, checked.subspan(at, std::min(kCheckedAtOnce, checked.size() - at)));
  }
  if (stored != computed) {
    return Status(StatusCode::kChecksumMismatch, "checksum mismatch (stored " + Hex32(stored) + ", computed " +
                                                     Hex32(computed) + "): index block, " + where);
  }
  const auto type = std::to_integer<unsigned>(checked.back());
  if (type == kPlain) return BlockContents(checked.first(size));
  if (type != kSnappy) {
    return Status(StatusCode::kCheckpointUnsupported,
                  "unknown block compression (type " + std::to_string(type) + "): index block, " + where);
  }
  auto decompressed = snappy::Decompress(checked.first(size));
  if (!decompressed) {
    return Status(StatusCode::kCheckpointMalformed, "bad index block (malformed snappy data): " + where);
  }
  return BlockContents(*std::move(decompressed));
}

}  // namespace permafrost
