#include "pieces/piece_reader.h"

#include <utility>

#include "pieces/fixed_size_reader.h"
#include "pieces/running_checksum.h"
#include "pieces/string_reader.h"
#include "pieces/string_tensor.h"
#include "pieces/v1_piece.h"

namespace permafrost {

Result<std::unique_ptr<PieceReader>> PieceReader::Open(const Checkpoint& checkpoint, const StoredPiece& piece,
                                                       DataType dtype, std::uint64_t elements, Checksum checksum,
                                                       std::size_t block_size, const std::string& name, Stop stop) {
  const std::string about = checkpoint.Describe(piece, name);
  auto shard = checkpoint.ShardOf(piece, name);
  if (!shard.ok()) return shard.status();
  const Fetch fetch = [shard = std::move(shard).value(), start = piece.offset, stop = std::move(stop)](
                          std::uint64_t offset, std::span<std::byte> bytes) {
    Status status = stop.Check();
    return status.ok() ? shard->ReadAt(start + offset, bytes) : status;
  };
  if (checkpoint.format() == CheckpointFormat::kV1) {
    return OpenV1Piece({fetch, piece.size}, dtype, elements, block_size, about, checkpoint.stop());
  }
  const auto running = [&](std::uint32_t crc) {
    return checksum == Checksum::kVerify ? RunningChecksum(piece.crc32c, about, crc) : RunningChecksum();
  };
  std::unique_ptr<PieceReader> reader;
  if (dtype == DataType::kString) {
    auto strings = StringTensor::Open(fetch, piece.size, elements, checkpoint.big_endian(), about);
    if (!strings.ok()) return strings.status();
    const std::uint32_t crc = strings.value()->lengths_crc();
    reader = std::make_unique<StringReader>(std::move(strings).value(), running(crc), checkpoint.stop());
  } else {
    reader = std::make_unique<FixedSizeReader>(fetch, piece.size, ElementSize(dtype), block_size, running(0));
  }
  return reader;
}

}  // namespace permafrost
