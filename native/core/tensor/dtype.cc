#include "tensor/dtype.h"

#include <array>

namespace permafrost {
namespace {

struct Row {
  std::string_view name;
  std::uint8_t element_size = 0;
  std::uint8_t swap_unit = 0;
};

// By number.
constexpr std::array<Row, 34> kRows = {{
    {},
    {"float32", 4, 4},
    {"float64", 8, 8},
    {"int32", 4, 4},
    {"uint8", 1, 1},
    {"int16", 2, 2},
    {"int8", 1, 1},
    {"string", 0, 0},
    {"complex64", 8, 4},
    {"int64", 8, 8},
    {"bool", 1, 1},
    {"qint8", 1, 1},
    {"quint8", 1, 1},
    {"qint32", 4, 4},
    {"bfloat16", 2, 2},
    {"qint16", 2, 2},
    {"quint16", 2, 2},
    {"uint16", 2, 2},
    {"complex128", 16, 8},
    {"float16", 2, 2},
    {"resource", 0, 0},
    {"variant", 0, 0},
    {"uint32", 4, 4},
    {"uint64", 8, 8},
    {"float8_e5m2", 1, 1},
    {"float8_e4m3fn", 1, 1},
    {"float8_e4m3fnuz", 1, 1},
    {"float8_e4m3b11fnuz", 1, 1},
    {"float8_e5m2fnuz", 1, 1},
    {"int4", 1, 1},
    {"uint4", 1, 1},
    {"int2", 1, 1},
    {"uint2", 1, 1},
    {"float4_e2m1fn", 1, 1},
}};

constexpr Row kUnknown = {"unknown", 0, 0};

const Row& RowOf(DataType dtype) {
  const auto number = static_cast<std::size_t>(static_cast<int>(dtype));  // negative numbers become huge
  return number == 0 || number >= kRows.size() ? kUnknown : kRows[number];
}

}  // namespace

bool IsKnown(DataType dtype) { return &RowOf(dtype) != &kUnknown; }
std::size_t ElementSize(DataType dtype) { return RowOf(dtype).element_size; }
std::size_t SwapUnit(DataType dtype) { return RowOf(dtype).swap_unit; }
std::string_view DataTypeName(DataType dtype) { return RowOf(dtype).name; }

std::optional<DataType> DataTypeNamed(std::string_view name) {
  for (std::size_t number = 1; number < kRows.size(); ++number) {
    if (kRows[number].name == name) return static_cast<DataType>(number);
  }
  return std::nullopt;
}

}  // namespace permafrost
