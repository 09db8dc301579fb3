// Numbers of a floating type, each times the factor of its channel; the type stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "convert/channels.h"
#include "convert/conversion.h"
#include "tensor/dtype.h"

namespace permafrost {

struct ChannelFactors {
  std::vector<double> factors;  // finite; one for each channel, block by block; none: nothing is scaled
  Channels channels;
};

// float16, bfloat16, float32 and float64.
bool CanScale(DataType dtype);

// Takes the elements of a tensor in order, from number `first` on. The factors are borrowed. float64 is multiplied as
// it is, the others as float32 with factors that are rounded to it: of float32, these are the bits of NumPy's product.
class Scaler {
 public:
  Scaler(DataType dtype, const ChannelFactors& factors, std::uint64_t first);

  // The next elements; `out` has as many bytes, and is elsewhere.
  void Scale(std::span<const std::byte> elements, std::span<std::byte> out);

  // Finite products so far that have become infinite by being rounded from float32 to a type of 16 bits.
  std::uint64_t overflows() const { return overflows_; }

 private:
  void ScaleFloats(std::span<const std::byte> elements, std::span<std::byte> out);
  void ScaleDoubles(std::span<const std::byte> elements, std::span<std::byte> out);

  const Conversion* widen_;  // null where elements are not of 16 bits
  const Conversion* narrow_;
  std::vector<float> rounded_;
  std::optional<ChannelWalk<float>> floats_;
  std::optional<ChannelWalk<double>> doubles_;
  std::vector<std::byte> wide_;
  std::vector<std::byte> product_;
  std::uint64_t overflows_ = 0;
};

}  // namespace permafrost
