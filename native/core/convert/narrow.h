// float32 to the types of 16 bits, and to whole numbers of 8 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace permafrost {

// As `Conversion::convert`. Of each number the nearest is taken, the even one of two. A NaN stays one: as float16 with
// its sign and the upper bits of its payload, or 1 where they are 0, as in NumPy; as bfloat16 the quiet one of its
// sign, as in ml_dtypes.
std::uint64_t Float32ToFloat16(std::span<const std::byte> in, std::span<std::byte> out);
std::uint64_t Float32ToBfloat16(std::span<const std::byte> in, std::span<std::byte> out);

// One way to do all that is done with float32: all give the same bits. Memory of any alignment, whole elements.
struct NarrowImplementation {
  std::string_view name;
  std::uint64_t (*to_float16)(std::span<const std::byte> in, std::span<std::byte> out);
  std::uint64_t (*to_bfloat16)(std::span<const std::byte> in, std::span<std::byte> out);
  // Each number divided by its scale and rounded, to the even number of two; no further from 0 than 127.
  void (*to_int8)(std::span<const std::byte> in, std::span<const float> scales, std::span<std::byte> out);
  // The same with one scale for all.
  void (*to_int8_by)(std::span<const std::byte> in, float scale, std::span<std::byte> out);
  // Each number times its factor; `out` is elsewhere.
  void (*multiply)(std::span<const std::byte> in, std::span<const float> factors, std::span<std::byte> out);
  // The same with one factor for all.
  void (*multiply_by)(std::span<const std::byte> in, float factor, std::span<std::byte> out);
  // Raises each of `maxima` to the magnitude of its number, as the bits of a float32; NaNs count as the largest.
  void (*raise)(std::span<const std::byte> in, std::span<std::uint32_t> maxima);
  // The largest magnitude among `most` and all numbers.
  std::uint32_t (*largest)(std::span<const std::byte> in, std::uint32_t most);
};

// Those that this processor can run, best first. Never empty.
std::span<const NarrowImplementation> NarrowImplementations();
inline const NarrowImplementation& BestNarrowImplementation() { return NarrowImplementations().front(); }

}  // namespace permafrost
