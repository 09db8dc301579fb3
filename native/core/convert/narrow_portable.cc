// One number at a time, by integer arithmetic: what every processor can do, and what the others do with the numbers
// that are special.
#include <algorithm>
#include <cmath>

#include "convert/elements.h"
#include "convert/narrow_implementations.h"

namespace permafrost {
namespace {

constexpr std::uint32_t kInfinity = 0x7f800000;

// `value` without its lowest `bits`, rounded to the nearest, the even one of two.
constexpr std::uint32_t RoundedShift(std::uint32_t value, std::uint32_t bits) {
  return (value + (1u << (bits - 1)) - 1 + ((value >> bits) & 1u)) >> bits;
}

constexpr std::uint32_t Float16Magnitude(std::uint32_t magnitude) {
  constexpr std::uint32_t kHalfInfinity = 0x7c00;
  constexpr std::uint32_t kSmallestNormal = 0x38800000;  // 2^-14
  constexpr std::uint32_t kRoundsToZero = 0x33000000;    // 2^-25, half of the smallest
  constexpr std::uint32_t kExponentOffset = (127 - 15) << 23;
  if (magnitude > kInfinity) return kHalfInfinity | std::max((magnitude >> 13) & 0x3ffu, 1u);
  if (magnitude >= kFloat16Overflow) return kHalfInfinity;
  if (magnitude >= kSmallestNormal) return RoundedShift(magnitude - kExponentOffset, 13);
  if (magnitude <= kRoundsToZero) return 0;
  // Steps of 2^-24: the fraction with its leading 1 counts steps of 2^(exponent - 150).
  const std::uint32_t exponent = magnitude >> 23;
  return RoundedShift((magnitude & 0x7fffffu) | 0x800000u, 126 - exponent);
}

constexpr std::uint32_t Bfloat16Magnitude(std::uint32_t magnitude) {
  return magnitude > kInfinity ? 0x7fc0u : RoundedShift(magnitude, 16);
}

template <std::uint32_t (*kConvert)(std::uint32_t), std::uint32_t kOverflow>
std::uint64_t ToSixteenBits(std::span<const std::byte> in, std::span<std::byte> out) {
  std::uint64_t overflows = 0;
  ConvertEach<std::uint32_t>(in, out, [&](std::uint32_t bits) {
    const std::uint32_t magnitude = bits & kMagnitude;
    overflows += magnitude >= kOverflow && magnitude < kInfinity ? 1u : 0u;
    return static_cast<std::uint16_t>(((bits ^ magnitude) >> 16) | kConvert(magnitude));
  });
  return overflows;
}

std::int8_t Quantized(float value, float scale) {
  const float quotient = value / scale;
  // A NaN goes the way of the smallest, as the vector instructions have it; what has NaNs is not quantised.
  const float least = quotient > -kMostInt8 ? quotient : -kMostInt8;
  return static_cast<std::int8_t>(std::nearbyint(least < kMostInt8 ? least : kMostInt8));
}

void ToInt8(std::span<const std::byte> in, std::span<const float> scales, std::span<std::byte> out) {
  for (std::size_t i = 0; i < scales.size(); ++i) StoreElement(out, i, Quantized(LoadElement<float>(in, i), scales[i]));
}

void ToInt8By(std::span<const std::byte> in, float scale, std::span<std::byte> out) {
  ConvertEach<float>(in, out, [scale](float value) { return Quantized(value, scale); });
}

void Multiply(std::span<const std::byte> in, std::span<const float> factors, std::span<std::byte> out) {
  for (std::size_t i = 0; i < factors.size(); ++i) StoreElement(out, i, LoadElement<float>(in, i) * factors[i]);
}

void MultiplyBy(std::span<const std::byte> in, float factor, std::span<std::byte> out) {
  ConvertEach<float>(in, out, [factor](float value) { return value * factor; });
}

void Raise(std::span<const std::byte> in, std::span<std::uint32_t> maxima) {
  for (std::size_t i = 0; i < maxima.size(); ++i) {
    maxima[i] = std::max(maxima[i], LoadElement<std::uint32_t>(in, i) & kMagnitude);
  }
}

std::uint32_t Largest(std::span<const std::byte> in, std::uint32_t most) {
  const std::size_t count = in.size() / sizeof(std::uint32_t);
  for (std::size_t i = 0; i < count; ++i) most = std::max(most, LoadElement<std::uint32_t>(in, i) & kMagnitude);
  return most;
}

constexpr NarrowImplementation kImplementation = {
    "portable",
    &ToSixteenBits<Float16Magnitude, kFloat16Overflow>,
    &ToSixteenBits<Bfloat16Magnitude, kBfloat16Overflow>,
    &ToInt8,
    &ToInt8By,
    &Multiply,
    &MultiplyBy,
    &Raise,
    &Largest,
};

}  // namespace

const NarrowImplementation* PortableNarrow() { return &kImplementation; }

}  // namespace permafrost
