#include "pieces/piece_reader.h"

#include "bundle/string_tensor.h"
#include "pieces/fixed_size_reader.h"
#include "pieces/running_checksum.h"
#include "pieces/string_reader.h"
#include "pieces/v1_piece.h"
#include "text.h"

namespace permafrost {

Result<std::unique_ptr<PieceReader>> PieceReader::Open(const Checkpoint& checkpoint, const StoredPiece& piece,
                                                       DataType dtype, std::uint64_t elements, Checksum checksum,
                                                       const std::string& name) {
  const auto stored = checkpoint.Stored(piece, name);
  if (!stored.ok()) return stored.status();
  const std::string about =
      name + ", " + ByteRange(piece.offset, piece.size) + " of " + checkpoint.ShardPath(piece.shard);
  if (checkpoint.format() == CheckpointFormat::kV1) return OpenV1Piece(stored.value(), dtype, elements, about);
  const auto running = [&](std::uint32_t crc) {
    return checksum == Checksum::kVerify ? RunningChecksum(piece.crc32c, about, crc) : RunningChecksum();
  };
  std::unique_ptr<PieceReader> reader;
  if (dtype == DataType::kString) {
    const auto strings = StringTensor::Parse(stored.value(), elements, checkpoint.big_endian(), about);
    if (!strings.ok()) return strings.status();
    const auto next = [rest = strings.value()](auto& element) mutable { return rest.Next(element); };
    reader = std::make_unique<StringReader>(next, running(strings.value().lengths_crc()));
  } else {
    reader = std::make_unique<FixedSizeReader>(stored.value(), ElementSize(dtype), running(0));
  }
  return reader;
}

}  // namespace permafrost
