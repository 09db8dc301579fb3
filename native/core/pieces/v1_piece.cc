#include "pieces/v1_piece.h"

#include <algorithm>
#include <utility>

#include "pieces/convert.h"
#include "pieces/fixed_size_reader.h"
#include "pieces/string_reader.h"
#include "pieces/varint_reader.h"
#include "proto/wire.h"

namespace permafrost {
namespace {

// Field number in TensorProto; 0 for the types that TensorFlow cannot write into such a checkpoint.
std::uint64_t FieldOf(DataType dtype) {
  switch (dtype) {
    case DataType::kFloat32:
      return 5;
    case DataType::kFloat64:
      return 6;
    case DataType::kInt8:
    case DataType::kInt16:
    case DataType::kInt32:
    case DataType::kUint8:
    case DataType::kUint16:
    case DataType::kQint8:
    case DataType::kQuint8:
    case DataType::kQint32:
      return 7;
    case DataType::kString:
      return kStringVal;
    case DataType::kComplex64:
      return 9;
    case DataType::kInt64:
      return 10;
    case DataType::kBool:
      return 11;
    case DataType::kComplex128:
      return 12;
    case DataType::kFloat16:
      return 13;
    default:
      return 0;
  }
}

// The strings of a well-formed TensorProto.
class StringFields final : public StringSource {
 public:
  explicit StringFields(std::span<const std::byte> tensor_proto) : rest_(tensor_proto) {}

  Result<bool> Next(std::uint64_t& size) override {
    for (Field field; ReadField(rest_, field);) {
      if (!field.Is(kStringVal, kBytes)) continue;
      left_ = field.bytes;
      size = left_.size();
      return true;
    }
    return false;
  }

  Result<std::span<const std::byte>> Take(std::uint64_t most) override {
    // A block at most, as all readers give.
    const auto bytes = left_.first(std::min({static_cast<std::size_t>(most), left_.size(), kBlockSize}));
    left_ = left_.subspan(bytes.size());
    return bytes;
  }

 private:
  ByteReader rest_;
  std::span<const std::byte> left_;
};

}  // namespace

Result<std::unique_ptr<PieceReader>> OpenV1Piece(std::span<const std::byte> tensor_proto, DataType dtype,
                                                 std::uint64_t elements, std::size_t block_size,
                                                 const std::string& about, Stop stop) {
  const std::uint64_t number = FieldOf(dtype);
  if (number == 0) {
    return Status(StatusCode::kCheckpointUnsupported,
                  "no V1 checkpoint has " + std::string(DataTypeName(dtype)) + ": " + about);
  }
  std::uint64_t fields = 0;
  std::span<const std::byte> packed;
  bool good = ForEachField(tensor_proto, [&](const Field& field) {
    if (field.number != number) return true;
    ++fields;
    packed = field.bytes;
    return field.type == kBytes;
  });
  const bool is_string = dtype == DataType::kString;
  const bool are_varints = HasVarints(dtype) || dtype == DataType::kBool;
  const std::size_t element_size = ElementSize(dtype);
  std::uint64_t held = fields;
  if (!is_string) {
    // TensorFlow packs the numbers of a tensor into one field.
    good = good && fields <= 1 && (are_varints ? VarintReader::EndsWell(packed) : packed.size() % element_size == 0);
    held = are_varints ? VarintReader::Count(packed) : packed.size() / element_size;
  }
  if (!good) return Status(StatusCode::kCheckpointMalformed, "malformed values: " + about);
  if (held != elements) {
    return Status(StatusCode::kCheckpointMalformed, "holds " + std::to_string(held) + " elements, its shape has " +
                                                        std::to_string(elements) + ": " + about);
  }
  std::unique_ptr<PieceReader> reader;
  if (is_string) {
    reader = std::make_unique<StringReader>(std::make_unique<StringFields>(tensor_proto), RunningChecksum(),
                                            std::move(stop));
  } else if (are_varints) {
    reader = std::make_unique<VarintReader>(packed, dtype, about, std::move(stop));
  } else {
    const auto fetch = [packed](std::uint64_t offset, std::span<std::byte> bytes) -> Status {
      std::ranges::copy(packed.subspan(static_cast<std::size_t>(offset), bytes.size()), bytes.begin());
      return {};
    };
    reader = std::make_unique<FixedSizeReader>(fetch, packed.size(), element_size, block_size, RunningChecksum());
  }
  return reader;
}

}  // namespace permafrost
