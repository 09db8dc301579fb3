#include "pieces/v1_piece.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "pieces/convert.h"
#include "pieces/fixed_size_reader.h"
#include "pieces/string_reader.h"
#include "pieces/varint_reader.h"
#include "proto/field_cursor.h"

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

Status MalformedPiece(const std::string& what, const std::string& about) {
  return {StatusCode::kCheckpointMalformed, "malformed " + what + ": " + about};
}

// The strings of a TensorProto that has been gone through once.
class StringFields final : public StringSource {
 public:
  StringFields(const ByteSource& tensor_proto, std::string about) : fields_(tensor_proto), about_(std::move(about)) {}

  Result<bool> Next(std::uint64_t& size) override {
    for (FieldPlace field;;) {
      const auto step = fields_.Next(field);
      if (!step.ok()) return step.status();
      if (step.value() == FieldCursor::Step::kEnd) return false;
      if (step.value() == FieldCursor::Step::kMalformed)
        return MalformedPiece("strings that changed while they were read", about_);
      if (!field.Is(kStringVal, kBytes)) continue;
      size = field.size;
      return true;
    }
  }

  Result<std::span<const std::byte>> Take(std::uint64_t most) override { return fields_.Take(most); }

 private:
  FieldCursor fields_;
  std::string about_;
};

// The field that has the values: how often it is there, and what is in it the last time.
struct Values {
  std::uint64_t fields = 0;
  ByteSource packed;
};

Result<std::optional<Values>> FindValues(const ByteSource& tensor_proto, std::uint64_t number) {
  Values values;
  FieldPlace last;
  const auto good = ForEachFieldPlace(tensor_proto, [&](const FieldPlace& field) {
    if (field.number != number) return true;
    ++values.fields;
    last = field;
    return field.type == kBytes;
  });
  if (!good.ok()) return good.status();
  if (!good.value()) return std::optional<Values>();
  values.packed = tensor_proto.Part(last.offset, last.size);
  return std::optional(std::move(values));
}

// Nothing where that cannot be the numbers of one tensor.
Result<std::optional<std::uint64_t>> CountNumbers(const Values& values, std::optional<std::size_t> element_size) {
  // TensorFlow packs them into one field.
  if (values.fields > 1) return std::optional<std::uint64_t>();
  if (!element_size) return VarintReader::Count(values.packed);
  if (values.packed.size % *element_size != 0) return std::optional<std::uint64_t>();
  return std::optional(values.packed.size / *element_size);
}

}  // namespace

Result<std::unique_ptr<PieceReader>> OpenV1Piece(const ByteSource& tensor_proto, DataType dtype, std::uint64_t elements,
                                                 std::size_t block_size, const std::string& about, Stop stop) {
  const std::uint64_t number = FieldOf(dtype);
  if (number == 0) {
    return Status(StatusCode::kCheckpointUnsupported,
                  "no V1 checkpoint has " + std::string(DataTypeName(dtype)) + ": " + about);
  }
  const auto values = FindValues(tensor_proto, number);
  if (!values.ok()) return values.status();
  if (!values.value()) return MalformedPiece("values", about);
  const auto& [fields, packed] = *values.value();
  const bool is_string = dtype == DataType::kString;
  const bool are_varints = HasVarints(dtype) || dtype == DataType::kBool;
  const std::size_t element_size = ElementSize(dtype);
  std::uint64_t held = fields;
  if (!is_string) {
    const auto numbers = CountNumbers(*values.value(), are_varints ? std::nullopt : std::optional(element_size));
    if (!numbers.ok()) return numbers.status();
    if (!numbers.value()) return MalformedPiece("values", about);
    held = *numbers.value();
  }
  if (held != elements) {
    return Status(StatusCode::kCheckpointMalformed, "holds " + std::to_string(held) + " elements, its shape has " +
                                                        std::to_string(elements) + ": " + about);
  }
  std::unique_ptr<PieceReader> reader;
  if (is_string) {
    reader = std::make_unique<StringReader>(std::make_unique<StringFields>(tensor_proto, about), RunningChecksum(),
                                            std::move(stop));
  } else if (are_varints) {
    reader = std::make_unique<VarintReader>(packed, dtype, about, std::move(stop));
  } else {
    reader = std::make_unique<FixedSizeReader>(packed.fetch, packed.size, element_size, block_size, RunningChecksum());
  }
  return reader;
}

}  // namespace permafrost
