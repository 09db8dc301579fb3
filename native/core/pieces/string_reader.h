// The strings of a bundle: lengths first, then the bytes of all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bundle/string_tensor.h"
#include "pieces/piece_reader.h"
#include "pieces/running_checksum.h"

namespace permafrost {

class StringReader final : public PieceReader {
 public:
  // `checksum` has seen what comes before the elements' bytes.
  StringReader(const StringTensor& strings, RunningChecksum checksum);

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override;
  Status Finish() override;

 private:
  StringTensor strings_;
  RunningChecksum checksum_;
  std::uint64_t next_ = 0;
  std::vector<std::byte> head_;
};

}  // namespace permafrost
