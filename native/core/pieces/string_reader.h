// Strings, from wherever they come one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pieces/piece_reader.h"
#include "pieces/running_checksum.h"

namespace permafrost {

class StringReader final : public PieceReader {
 public:
  // Gives the next string; false after the last.
  using Next = std::function<bool(std::span<const std::byte>& element)>;

  // `checksum` has seen what comes before the elements' bytes.
  StringReader(Next next, RunningChecksum checksum);

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override;
  Status Finish() override;

 private:
  Next next_;
  RunningChecksum checksum_;
  std::uint64_t at_ = 0;
  std::vector<std::byte> head_;
};

}  // namespace permafrost
