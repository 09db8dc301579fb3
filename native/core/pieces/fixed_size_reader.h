// Elements that lie one after the other, all of one size: every type but strings in a bundle, floats in a V1
// checkpoint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "pieces/piece_reader.h"
#include "pieces/running_checksum.h"

namespace permafrost {

class FixedSizeReader final : public PieceReader {
 public:
  FixedSizeReader(std::span<const std::byte> stored, std::size_t element_size, RunningChecksum checksum);

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override;
  Status Finish() override;

 private:
  void PassTo(std::size_t end);

  std::span<const std::byte> stored_;
  std::size_t element_size_;
  std::size_t passed_ = 0;  // bytes that the checksum has seen
  RunningChecksum checksum_;
};

}  // namespace permafrost
