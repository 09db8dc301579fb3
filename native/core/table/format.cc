#include "table/format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "crc32c/crc32c.h"
#include "snappy.h"
#include "text.h"

namespace permafrost {
namespace {

constexpr unsigned kPlain = 0;
constexpr unsigned kSnappy = 1;

// A block of a V1 checkpoint may have 2 GiB, and one of a bundle's index has 256 KiB.
constexpr std::size_t kMostHeld = std::size_t{1024} * 1024;

Status NotAnIndex(const std::string& cause, const std::string& path) {
  return {StatusCode::kCheckpointMalformed, "not a tensor bundle index (" + cause + "): " + path};
}

struct CheckedBlock {
  ByteSource bytes;
  unsigned compression = kPlain;
};

// The block with its trailer is in `stored`.
Result<CheckedBlock> CheckBlock(const ByteSource& stored, const std::string& where, const Stop& stop) {
  std::uint64_t left = stored.size - sizeof(std::uint32_t);
  std::uint32_t computed = 0;
  std::vector<std::byte> bytes;
  for (std::uint64_t at = 0; left > 0; left -= bytes.size(), at += bytes.size()) {
    if (Status status = stop.Check(); !status.ok()) return status;
    bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kMostHeld)));
    if (Status status = stored.fetch(at, bytes); !status.ok()) return status;
    computed = crc32c::Extend(computed, bytes);
  }
  std::array<std::byte, sizeof(std::uint32_t)> trailer{};
  if (Status status = stored.fetch(stored.size - trailer.size(), trailer); !status.ok()) return status;
  if (const std::uint32_t expected = crc32c::Unmask(LoadFixed32(trailer)); expected != computed) {
    return Status(StatusCode::kChecksumMismatch, "checksum mismatch (stored " + Hex32(expected) + ", computed " +
                                                     Hex32(computed) + "): index block, " + where);
  }
  const auto compression = std::to_integer<unsigned>(bytes.back());
  const std::uint64_t size = stored.size - kBlockTrailerSize;
  if (size >= kMostHeld) return CheckedBlock{stored.Part(0, size), compression};
  // It has all been read at once.
  bytes.pop_back();
  return CheckedBlock{ByteSource::Of(std::move(bytes)), compression};
}

}  // namespace

bool ReadBlockHandle(ByteReader& reader, BlockHandle& handle) {
  return reader.ReadVarint64(handle.offset) && reader.ReadVarint64(handle.size);
}

Result<Footer> ReadFooter(const ByteSource& file, const std::string& path) {
  if (file.size < kFooterSize) return NotAnIndex("shorter than a table footer", path);
  std::array<std::byte, kFooterSize> bytes{};
  if (Status status = file.fetch(file.size - kFooterSize, bytes); !status.ok()) return status;
  const auto handles = std::span<const std::byte>(bytes).first<kFooterSize - sizeof(kTableMagic)>();
  if (LoadFixed64(std::span(bytes).last<sizeof(kTableMagic)>()) != kTableMagic) {
    return NotAnIndex("bad table magic", path);
  }
  ByteReader reader(handles);
  Footer footer;
  if (!ReadBlockHandle(reader, footer.metaindex) || !ReadBlockHandle(reader, footer.index)) {
    return NotAnIndex("bad block handle in the footer", path);
  }
  return footer;
}

Result<Block> ReadBlock(const ByteSource& file, const BlockHandle& handle, const std::string& path, const Stop& stop) {
  // In this order nothing can overflow.
  if (handle.offset > file.size || handle.size > file.size - handle.offset ||
      file.size - handle.offset - handle.size < kBlockTrailerSize) {
    return Status(StatusCode::kCheckpointMalformed,
                  "index block outside of the file (offset " + std::to_string(handle.offset) + ", size " +
                      std::to_string(handle.size) + ", file of " + std::to_string(file.size) + " bytes): " + path);
  }
  const std::string where = ByteRange(handle.offset, handle.size) + " of " + path;
  auto checked = CheckBlock(file.Part(handle.offset, handle.size + kBlockTrailerSize), where, stop);
  if (!checked.ok()) return checked.status();
  const auto& [bytes, compression] = checked.value();
  if (compression == kPlain) return Block{bytes, handle.offset};
  if (compression != kSnappy) {
    return Status(StatusCode::kCheckpointUnsupported,
                  "unknown block compression (type " + std::to_string(compression) + "): index block, " + where);
  }
  const auto compressed = bytes.ReadAll();
  if (!compressed.ok()) return compressed.status();
  auto decompressed = snappy::Decompress(compressed.value());
  if (!decompressed) {
    return Status(StatusCode::kCheckpointMalformed, "bad index block (malformed snappy data): " + where);
  }
  return Block{ByteSource::Of(*std::move(decompressed)), std::nullopt};
}

}  // namespace permafrost
