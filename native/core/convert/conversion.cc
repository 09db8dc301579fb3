#include "convert/conversion.h"

#include <algorithm>
#include <array>

#include "convert/narrow.h"
#include "convert/to_32_bits.h"

namespace permafrost {
namespace {

constexpr std::array<Conversion, 6> kConversions = {{
    {DataType::kFloat32, DataType::kFloat16, &Float32ToFloat16},
    {DataType::kFloat32, DataType::kBfloat16, &Float32ToBfloat16},
    {DataType::kFloat64, DataType::kFloat32, &Float64ToFloat32},
    {DataType::kFloat16, DataType::kFloat32, &Float16ToFloat32},
    {DataType::kBfloat16, DataType::kFloat32, &Bfloat16ToFloat32},
    {DataType::kInt64, DataType::kInt32, &Int64ToInt32},
}};

}  // namespace

const Conversion* FindConversion(DataType from, DataType to) {
  const auto* const found =
      std::ranges::find_if(kConversions, [&](const Conversion& each) { return each.from == from && each.to == to; });
  return found == kConversions.end() ? nullptr : found;
}

}  // namespace permafrost
