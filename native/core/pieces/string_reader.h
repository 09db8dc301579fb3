// Strings as the fields that they are in a TensorProto.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "pieces/piece_reader.h"
#include "pieces/running_checksum.h"
#include "pieces/string_source.h"
#include "stop.h"

namespace permafrost {

class StringReader final : public PieceReader {
 public:
  // `checksum` has seen what comes before the elements' bytes.
  StringReader(std::unique_ptr<StringSource> source, RunningChecksum checksum, Stop stop);

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override;
  Status Finish() override;

 private:
  // Takes the next string, and hands it on if anybody wants it; false after the last.
  Result<bool> Pass(const ByteSink* take);

  std::unique_ptr<StringSource> source_;
  RunningChecksum checksum_;
  Stop stop_;
  std::uint64_t at_ = 0;
  std::vector<std::byte> head_;
};

}  // namespace permafrost
