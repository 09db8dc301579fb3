// The strings of a V1 checkpoint: fields of a TensorProto.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "byte_reader.h"
#include "pieces/piece_reader.h"

namespace permafrost {

class StringFieldReader final : public PieceReader {
 public:
  // `tensor_proto` is well-formed.
  explicit StringFieldReader(std::span<const std::byte> tensor_proto) : rest_(tensor_proto) {}

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override;
  Status Finish() override { return {}; }  // the table has checksums of its own

 private:
  // The next string; false after the last.
  bool Next(std::span<const std::byte>& element);

  ByteReader rest_;
  std::uint64_t next_ = 0;
  std::vector<std::byte> head_;
};

}  // namespace permafrost
