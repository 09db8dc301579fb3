// The elements of a V1 checkpoint that are not floats: a varint each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/byte_cursor.h"
#include "pieces/piece_reader.h"
#include "stop.h"
#include "tensor/dtype.h"

namespace permafrost {

class VarintReader final : public PieceReader {
 public:
  // Gives each number its low bytes, little-endian, as many as an element of the type has. `about` is for messages.
  VarintReader(const ByteSource& varints, DataType dtype, std::string about, Stop stop);

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override;
  Status Finish() override { return {}; }  // the table has checksums of its own

  // How many varints the bytes are; nothing where the last of them is not whole. How long each is shows when it is
  // read.
  static Result<std::optional<std::uint64_t>> Count(const ByteSource& varints);

 private:
  Status Next(std::uint64_t& value);

  ByteCursor rest_;
  std::uint64_t next_ = 0;
  std::size_t element_size_;
  bool is_bool_;
  std::string about_;
  Stop stop_;
  std::vector<std::byte> block_;
};

}  // namespace permafrost
