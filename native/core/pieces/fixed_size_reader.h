// Elements that lie one after the other, all of one size: every type but strings in a bundle, floats in a V1
// checkpoint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "io/byte_cursor.h"
#include "pieces/piece_reader.h"
#include "pieces/running_checksum.h"

namespace permafrost {

class FixedSizeReader final : public PieceReader {
 public:
  // `block_size` bytes are held at a time, a multiple of every element size.
  FixedSizeReader(Fetch fetch, std::uint64_t size, std::size_t element_size, std::size_t block_size,
                  RunningChecksum checksum);

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override;
  Status Finish() override;

 private:
  // Goes on to the block that `at` is in.
  Status Advance(std::uint64_t at);

  Fetch fetch_;
  std::uint64_t size_;
  std::size_t element_size_;
  std::size_t block_size_;
  RunningChecksum checksum_;
  std::uint64_t start_ = 0;  // of the block, in the piece
  std::vector<std::byte> block_;
};

}  // namespace permafrost
