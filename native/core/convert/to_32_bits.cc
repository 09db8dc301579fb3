#include "convert/to_32_bits.h"

#include <bit>
#include <cmath>

#include "convert/elements.h"

namespace permafrost {
namespace {

std::uint32_t WidenFloat16(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1fu;
  const std::uint32_t fraction = half & 0x3ffu;
  if (exponent == 0x1f) return sign | 0x7f800000u | (fraction << 13);
  // Without an exponent, the fraction counts steps of 2^-24.
  if (exponent == 0) return sign | std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24f);
  return sign | ((exponent + 127 - 15) << 23) | (fraction << 13);
}

}  // namespace

std::uint64_t Float64ToFloat32(std::span<const std::byte> in, std::span<std::byte> out) {
  std::uint64_t overflows = 0;
  ConvertEach<double>(in, out, [&](double value) {
    const auto rounded = static_cast<float>(value);
    overflows += std::isinf(rounded) && !std::isinf(value) ? 1u : 0u;
    return rounded;
  });
  return overflows;
}

std::uint64_t Float16ToFloat32(std::span<const std::byte> in, std::span<std::byte> out) {
  ConvertEach<std::uint16_t>(in, out, WidenFloat16);
  return 0;
}

std::uint64_t Bfloat16ToFloat32(std::span<const std::byte> in, std::span<std::byte> out) {
  ConvertEach<std::uint16_t>(in, out, [](std::uint16_t upper) { return std::uint32_t{upper} << 16; });
  return 0;
}

std::uint64_t Int64ToInt32(std::span<const std::byte> in, std::span<std::byte> out) {
  std::uint64_t overflows = 0;
  ConvertEach<std::int64_t>(in, out, [&](std::int64_t value) {
    const auto lower = static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    overflows += lower != value ? 1u : 0u;
    return lower;
  });
  return overflows;
}

}  // namespace permafrost
