#include "pieces/piece_reader.h"

#include <utility>
#include <vector>

#include "bundle/string_tensor.h"
#include "pieces/fixed_size_reader.h"
#include "pieces/running_checksum.h"
#include "pieces/string_reader.h"
#include "pieces/v1_piece.h"
#include "text.h"

namespace permafrost {
namespace {

std::unique_ptr<PieceReader> Fixed(std::shared_ptr<const InputFile> shard, const StoredPiece& piece, DataType dtype,
                                   std::size_t block_size, RunningChecksum checksum) {
  auto fetch = [shard = std::move(shard), start = piece.offset](std::uint64_t offset, std::span<std::byte> bytes) {
    return shard->ReadAt(start + offset, bytes);
  };
  return std::make_unique<FixedSizeReader>(std::move(fetch), piece.size, ElementSize(dtype), block_size,
                                           std::move(checksum));
}

}  // namespace

Result<std::unique_ptr<PieceReader>> PieceReader::Open(const Checkpoint& checkpoint, const StoredPiece& piece,
                                                       DataType dtype, std::uint64_t elements, Checksum checksum,
                                                       std::size_t block_size, const std::string& name) {
  const std::string about =
      name + ", " + ByteRange(piece.offset, piece.size) + " of " + checkpoint.ShardPath(piece.shard);
  if (checkpoint.format() == CheckpointFormat::kV1) {
    return OpenV1Piece(checkpoint.Mapped(piece), dtype, elements, block_size, about);
  }
  const auto running = [&](std::uint32_t crc) {
    return checksum == Checksum::kVerify ? RunningChecksum(piece.crc32c, about, crc) : RunningChecksum();
  };
  auto shard = checkpoint.ShardOf(piece, name);
  if (!shard.ok()) return shard.status();
  if (dtype != DataType::kString) return Fixed(std::move(shard).value(), piece, dtype, block_size, running(0));

  // Strings go through two places at once, lengths and bytes, so all of them are brought into memory.
  const auto stored = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(piece.size));
  if (piece.size > 0) {
    if (Status status = shard.value()->ReadAt(piece.offset, *stored); !status.ok()) return status;
  }
  const auto strings = StringTensor::Parse(*stored, elements, checkpoint.big_endian(), about);
  if (!strings.ok()) return strings.status();
  const auto next = [stored, rest = strings.value()](auto& element) mutable { return rest.Next(element); };
  std::unique_ptr<PieceReader> reader = std::make_unique<StringReader>(next, running(strings.value().lengths_crc()));
  return reader;
}

}  // namespace permafrost
