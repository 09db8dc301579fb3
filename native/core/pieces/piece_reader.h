// Reads the elements of one stored piece of a tensor: a whole tensor, or a slice.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "checkpoint/checkpoint.h"
#include "pieces/byte_sink.h"
#include "status.h"
#include "stop.h"

namespace permafrost {

enum class Checksum : std::uint8_t { kVerify, kIgnore };

// Goes forward only, as the runs of a tiling do, and remembers nothing of what it has passed.
class PieceReader {
 public:
  // Finds the bytes and checks all that is known without reading them; of strings, the lengths. A reader of
  // fixed sizes holds `block_size` bytes. `name` is for messages. `stop` ends the opening and all reading, as the
  // checkpoint's own does.
  static Result<std::unique_ptr<PieceReader>> Open(const Checkpoint& checkpoint, const StoredPiece& piece,
                                                   DataType dtype, std::uint64_t elements, Checksum checksum,
                                                   std::size_t block_size, const std::string& name, Stop stop);

  PieceReader() = default;
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;
  virtual ~PieceReader() = default;

  // Skips what comes before the element `first`, and hands the next `count` to `take`: whole elements as stored, in
  // pieces of kBlockSize at most; of strings, the fields that they are in a TensorProto.
  virtual Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) = 0;

  // Passes what is left; the verdict on the checksum of the whole piece.
  virtual Status Finish() = 0;
};

}  // namespace permafrost
